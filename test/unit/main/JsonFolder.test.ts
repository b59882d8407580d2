import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { JsonFolder } from '../../../src/main/JsonFolder'

const schema = z.object({ count: z.int() })

describe('JsonFolder', () => {
  let path: string
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'json-folder-'))
  })
  afterEach(() => rm(path, { recursive: true }))

  const open = (folder: JsonFolder) => folder.open('counts.json', 'counts', schema, { count: 0 })
  const onDisk = async () => JSON.parse(await readFile(join(path, 'counts.json'), 'utf8')) as unknown

  it('starts with the fallback and without a notice when there is no file yet', async () => {
    const folder = new JsonFolder(path)
    expect((await open(folder)).value).toEqual({ count: 0 })
    expect(folder.notices).toEqual([])
  })

  it('reads a saved value back', async () => {
    await (await open(new JsonFolder(path))).save({ count: 7 })
    expect((await open(new JsonFolder(path))).value).toEqual({ count: 7 })
  })

  it.each(['', '{ "count": 1', '{ "count": "one" }', 'null', '\u0000\u0001'])(
    'sets a damaged file (%j) aside unchanged, adds a notice and starts with the fallback',
    async (text) => {
      await writeFile(join(path, 'counts.json'), text)
      const folder = new JsonFolder(path)
      expect((await open(folder)).value).toEqual({ count: 0 })
      expect(folder.notices).toHaveLength(1)
      expect(folder.notices[0]).toMatch(/^Your counts could not be read .*"counts\.json\.damaged"/)
      expect(await readFile(join(path, 'counts.json.damaged'), 'utf8')).toBe(text)
    },
  )

  it('keeps every damaged file (would catch a second one that replaces the first)', async () => {
    for (const text of ['first', 'second', 'third']) {
      await writeFile(join(path, 'counts.json'), text)
      await open(new JsonFolder(path))
    }
    const kept = ['counts.json.damaged', 'counts.json.damaged-2', 'counts.json.damaged-3']
    expect((await readdir(path)).sort()).toEqual(kept)
    expect(await readFile(join(path, 'counts.json.damaged'), 'utf8')).toBe('first')
  })

  it('keeps the newest of many quick saves and leaves no temporary file', async () => {
    const folder = new JsonFolder(path)
    const file = await open(folder)
    for (let count = 1; count <= 20; count++) void file.save({ count })
    await folder.idle()
    expect(await onDisk()).toEqual({ count: 20 })
    expect(await readdir(path)).toEqual(['counts.json'])
  })

  it('reports a failed save, keeps the value in memory, and saves again once the folder is there', async () => {
    const folder = join(path, 'gone')
    const file = await new JsonFolder(folder).open('counts.json', 'counts', schema, { count: 0 })
    await expect(file.save({ count: 1 })).rejects.toMatchObject({ code: 'UNWRITABLE' })
    expect(file.value).toEqual({ count: 1 })
    await mkdir(folder)
    await file.save({ count: 2 })
    expect(await readFile(join(folder, 'counts.json'), 'utf8')).toContain('2')
  })
})
