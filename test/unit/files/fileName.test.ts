import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fitFileName, fitUniqueFileName, plainStem } from '#files/fileName'
import { emptyFolder } from '../../fixtures/exportTarget'

const long = `${'ä'.repeat(111)} to ${'漢'.repeat(111)}`
const folder = emptyFolder()

it('shortens a name to what a file system accepts, and keeps whole characters and the ending', () => {
  const name = fitFileName(long, '.gif')
  expect(Buffer.byteLength(name)).toBeGreaterThan(252)
  expect(name.endsWith('漢.gif')).toBe(true)
  expect(() => writeFileSync(join(folder, name), '')).not.toThrow()
  expect(fitFileName('morph', '.gif')).toBe('morph.gif')
})

it('keeps names distinct that differ only at their ends (would catch two exports in one work folder)', () => {
  const [a, b] = ['a', 'b'].map((end) => fitUniqueFileName(`${'x'.repeat(254)}${end}`, '.partial'))
  expect(a).not.toBe(b)
  expect(() => writeFileSync(join(folder, a), '')).not.toThrow()
  expect(fitUniqueFileName('morph.gif', '.partial')).toBe('morph.gif.partial')
})

it.each([
  ['before/after:1*2?', 'before after 1 2'],
  ['..\\up', '.. up'],
  // Windows' devices, whatever follows the first dot.
  ['con', '_con'],
  ['aux.v2', '_aux.v2'],
  ['nul', '_nul'],
  ['com1', '_com1'],
  ['LPT1', '_LPT1'],
  ['COM².tar.gz', '_COM².tar.gz'],
  ['PRN .x', '_PRN .x'],
  ['conin$', '_conin$'],
  ['console', 'console'],
  ['com', 'com'],
  ['com10', 'com10'],
  ['a.con', 'a.con'],
  // Half of a character.
  ['a\ud83cb', 'a b'],
  ['🍎', '🍎'],
  // Windows drops what stands at the end.
  ['Dr. ', 'Dr'],
  ['a . .', 'a'],
  ['.', 'Latent'],
  ['..', 'Latent'],
  ['. . .', 'Latent'],
  [' / ', 'Latent'],
])('turns %j into a stem that every system takes: %j', (name, stem) => {
  expect(plainStem(name, 'Latent')).toBe(stem)
})
