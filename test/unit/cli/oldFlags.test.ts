import { expect, it } from 'vitest'
import { renameOldFlags } from '../../../src/cli/oldFlags'

it.each([
  ['encode a.png --nodes linear', 'encode a.png --timestep-spacing linear'],
  ['encode a.png --nodes=linear', 'encode a.png --timestep-spacing=linear'],
  ['lab a.png --nodes linear,karras', 'lab a.png --timestep-spacings linear,karras'],
  ['morph a.png b.png --terminal 300', 'morph a.png b.png --end 300'],
  ['encode a.png --label destination', 'encode a.png --conditioning-timestep next'],
  ['encode a.png --label=source', 'encode a.png --conditioning-timestep=current'],
])('accepts %s (would catch a script for version 0.1 that now fails)', (old, now) => {
  expect(renameOldFlags(old.split(' '))).toEqual(now.split(' '))
})

it('leaves today’s command lines and everything after -- unchanged', () => {
  for (const line of ['encode source --end 300', 'info -- --nodes']) {
    expect(renameOldFlags(line.split(' '))).toEqual(line.split(' '))
  }
})
