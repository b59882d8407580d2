import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCommand } from '../../fixtures/commandLine'

it.each([
  ['sample', ['--count', '2']],
  ['morph', ['seed:1', 'seed:2']],
  ['grid', ['seed:1', 'seed:2', 'seed:3', 'seed:4']],
])('%s: shards do not share a file (would catch a folder called sheet.png)', async (command, args) => {
  const folder = mkdtempSync(join(tmpdir(), 'shards-'))
  const output = join(folder, 'sheet.png')
  const { code, stderr } = await runCommand(command, ...args, '--shard', '0/2', '-o', output)
  expect(stderr).toMatch(
    /All shards write into the same folder, and ".*sheet\.png" is a file: name a folder with -o/,
  )
  expect(code).toBe(64)
  expect(readdirSync(folder)).toEqual([])
})
