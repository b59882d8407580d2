import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readJson } from '#files/fileAccess'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function read(text: string): Promise<unknown> {
  const path = join(folder, 'config.json')
  await writeFile(path, text)
  return readJson(path)
}

describe('readJson', () => {
  it('reads what Python writes beyond JSON (would catch refusing a DPM-Solver, which saves -Infinity)', async () => {
    expect(await read('{"a": -Infinity, "b": Infinity, "c": [NaN, 1]}')).toEqual({
      a: -Infinity,
      b: Infinity,
      c: [null, 1],
    })
  })

  it('leaves words inside strings alone', async () => {
    const value = { NaN: 'to Infinity \\" and NaN', beyond: '-Infinity' }
    expect(await read(JSON.stringify(value))).toEqual(value)
  })

  it('skips a byte order mark', async () => {
    expect(await read('\uFEFF{"a": 1}')).toEqual({ a: 1 })
  })

  it.each(['{"a": Infinit}', '{"a": 1', 'NaNN', ''])('still refuses %j', async (text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'BAD_MODEL' })
  })
})
