import { mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { FileMatcher } from 'app-builder-lib/out/fileMatcher.js'
import { expect, it } from 'vitest'
import { builderConfig } from '../../../tools/package/builderConfig.mjs'

const config = builderConfig('linux', 'x64')

it.each([
  ['main/index.js', true],
  ['main/chunks/a.js', true],
  ['preload/index.cjs', true],
  ['renderer/assets/a.css', true],
  ['manual/pictures/a.png', true],
  ['main/index.js.map', false],
  ['renderer/packages.json', false],
  ['demo/frame-001.png', false],
  ['results/cache/a.npy', false],
  ['main.bak/index.js', false],
  ['person.webp', false],
])('of `out`, %s goes into the archive: %s (would catch people’s pictures in it)', (path, isPacked) => {
  const folder = mkdtempSync(join(tmpdir(), 'out-'))
  mkdirSync(join(folder, dirname(path)), { recursive: true })
  writeFileSync(join(folder, path), '')
  const sets = config.files as { from: string; filter: string[] }[]
  const { filter } = sets.find(({ from }) => from === 'out')!
  const accepts = new FileMatcher(folder, '', (text) => text, filter).createFilter()
  const entries = [join(folder, dirname(path)), join(folder, path)]
  // A folder that is refused is not looked into.
  expect(entries.every((entry) => accepts(entry, statSync(entry) as never))).toBe(isPacked)
})
