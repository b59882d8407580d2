import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readJson, readWholeFile } from '#files/fileAccess'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function read(text: string): Promise<unknown> {
  const path = join(folder, 'config.json')
  await writeFile(path, text)
  return readJson(path, 'BAD_MODEL')
}

describe('readJson', () => {
  it('reads the numbers that Python adds to JSON (would catch refusing a DPM-Solver, which saves -Infinity)', async () => {
    expect(await read('{"a": -Infinity, "b": Infinity, "c": [NaN, 1]}')).toEqual({
      a: -Infinity,
      b: Infinity,
      c: [NaN, 1],
    })
  })

  it('leaves NaN and Infinity inside strings unchanged', async () => {
    const value = { NaN: 'to Infinity \\" and NaN', beyond: '-Infinity' }
    expect(await read(JSON.stringify(value))).toEqual(value)
  })

  it.each([
    ['utf16le', (text: string) => Buffer.from(text, 'utf16le')],
    ['utf16be', (text: string) => Buffer.from(text, 'utf16le').swap16()],
  ])('reads %s, which PowerShell writes', async (_name, encode) => {
    const path = join(folder, 'config.json')
    await writeFile(path, encode('\uFEFF{"é": "雪"}'))
    expect(await readJson(path, 'BAD_MODEL')).toEqual({ é: '雪' })
  })

  it('skips a byte order mark', async () => {
    expect(await read('\uFEFF{"a": 1}')).toEqual({ a: 1 })
  })

  it.each(['{"a": Infinit}', '{"a": 1', 'NaNN', ''])('refuses invalid JSON: %j', async (text) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringMatching(/not valid JSON \(.+\): correct the file, or replace it/),
    })
  })
})

describe.skipIf(process.platform === 'win32')('readWholeFile', () => {
  it('refuses a named pipe at once (would catch waiting for a writer that never comes)', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    await expect(readWholeFile(pipe, 1024)).rejects.toMatchObject({
      code: 'UNREADABLE',
      message: expect.stringContaining('a pipe'),
    })
  })

  it('refuses a device (would catch reading zeros for ever)', async () => {
    await expect(readWholeFile('/dev/zero', 1024)).rejects.toMatchObject({ code: 'UNREADABLE' })
  })

  it('refuses a file that is longer than the limit, and names it', async () => {
    const path = join(folder, 'long')
    await writeFile(path, Buffer.alloc(2000))
    await expect(readWholeFile(path, 1999)).rejects.toThrow(path)
    expect(await readWholeFile(path, 2000)).toHaveLength(2000)
  })
})
