import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { runCommand } from '../../fixtures/commandLine'

const folder = mkdtempSync(join(tmpdir(), 'file-problems-'))
const file = join(folder, 'file')
writeFileSync(file, 'a file of the user')
afterEach(() => vi.unstubAllEnvs())

/** Ordinary trouble with files is no bug of the program, so it must not end as one, with exit code 70. */
it.each([
  ['demo into a file', ['demo', '-o', file], {}, /file": it is not a folder: choose another name/],
  [
    'lab --discrete into a file',
    ['lab', 'a.png', 'b.png', '--discrete', '-o', file],
    {},
    /below something that is not a folder/,
  ],
  ['a cache below a file', ['cache', '--limit', '1'], { XDG_CACHE_HOME: file }, /lies below something/],
  [
    'compare without a folder for temporary files',
    ['compare', 'a.png', '--device', 'cuda'],
    { TMPDIR: join(folder, 'nowhere') },
    /temporary folder ".*nowhere" \(ENOENT\): set TMPDIR/,
  ],
])('%s: one sentence and exit code 73', async (_what, args, environment, sentence) => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const { code, stderr } = await runCommand(...args)
  expect(stderr).toMatch(sentence)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(code).toBe(73)
})
