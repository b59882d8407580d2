import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { StudioError } from '#shared/errors'
import { runCommand } from '../../fixtures/commandLine'

const asked = vi.hoisted((): string[] => [])
vi.mock('../../../src/cli/engineCall', () => ({
  withEngine: (_installation: unknown, command: (call: unknown) => unknown) =>
    command((route: string) => {
      asked.push(route)
      throw new StudioError('BAD_INPUT', 'No engine answers here.')
    }),
}))

/** The commands that write files of fixed names, and the arrays of the record among them. */
const commands: [string, string[], string[], string, object][] = [
  [
    'demo',
    ['demo'],
    ['frames', 'apple-to-tomato.gif', 'contact-sheet.png', 'report.json'],
    'report.json',
    { ends: [], seconds: 1, outputs: [] },
  ],
  [
    'lab --discrete',
    ['lab', 'a.png', 'b.png', '--discrete'],
    ['discrete.png', 'discrete.json'],
    'discrete.json',
    { strips: [], pictures: [] },
  ],
]

it.each(commands)('%s replaces no file of the user unless --force asks for it', async (_, args, names) => {
  for (const name of names) {
    const folder = mkdtempSync(join(tmpdir(), 'own-files-'))
    const path = join(folder, name)
    writeFileSync(path, '{"mine": []}')
    asked.length = 0
    const refused = await runCommand(...args, '-o', folder)
    expect(refused.stderr).toContain(`Cannot write "${path}": it exists already: add --force to replace it`)
    expect([refused.code, asked]).toEqual([73, []])
    expect(readFileSync(path, 'utf8')).toBe('{"mine": []}')
    await runCommand(...args, '-o', folder, '--force')
    expect(asked).toHaveLength(1)
  }
})

it.each(commands)('%s may be repeated', async (_, args, names, record, content) => {
  const folder = mkdtempSync(join(tmpdir(), 'own-files-'))
  for (const name of names) writeFileSync(join(folder, name), '')
  writeFileSync(join(folder, record), JSON.stringify(content))
  asked.length = 0
  await runCommand(...args, '-o', folder)
  expect(asked).toHaveLength(1)
})
