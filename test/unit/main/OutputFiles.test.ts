import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OutputFiles } from '../../../src/main/OutputFiles'

const bytes = (...values: number[]) => new Uint8Array(values)

describe('OutputFiles', () => {
  let folder: string
  let path: string
  const outputs = new OutputFiles()
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'output-files-'))
    path = join(folder, 'film.mp4')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('writes concurrent pieces at their positions, in whatever order they arrive', async () => {
    const id = await outputs.open(path, false)
    await Promise.all([
      outputs.write(id, 3, bytes(4, 5)),
      outputs.write(id, 0, bytes(9, 9, 3)),
      outputs.write(id, 0, bytes(1, 2)),
    ])
    expect(await outputs.close(id, true)).toBe(5)
    expect([...(await readFile(path))]).toEqual([1, 2, 3, 4, 5])
    expect(await readdir(folder)).toEqual(['film.mp4'])
  })

  it('is writing until a file has its name, and then no more (would catch a window that closes without asking while a film is committed)', async () => {
    const id = await outputs.open(path, false)
    await outputs.write(id, 0, bytes(1))
    const closing = outputs.close(id, true)
    expect(outputs.isWriting).toBe(true)
    await expect(outputs.close(id, false)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(outputs.write(id, 0, bytes(2))).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await outputs.abortAll()
    await closing
    expect([...(await readFile(path))]).toEqual([1])
    expect(outputs.isWriting).toBe(false)
  })

  it('is writing no more after a file that could not be kept', async () => {
    const id = await outputs.open(path, false)
    await writeFile(path, 'another')
    await expect(outputs.close(id, true)).rejects.toMatchObject({ code: 'EXISTS' })
    expect(outputs.isWriting).toBe(false)
  })

  it('shows no file under the final name while writing, and leaves nothing when abandoned', async () => {
    const id = await outputs.open(path, false)
    await outputs.write(id, 0, bytes(1))
    expect(await readdir(folder)).not.toContain('film.mp4')
    await outputs.close(id, false)
    expect(await readdir(folder)).toEqual([])
  })

  it('keeps the old file when the new one is abandoned', async () => {
    await writeFile(path, 'old')
    const id = await outputs.open(path, true)
    await outputs.write(id, 0, bytes(1))
    await outputs.abortAll()
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(['film.mp4'])
  })

  it('refuses to replace an existing file unless overwriting is allowed', async () => {
    await writeFile(path, 'old')
    await expect(outputs.open(path, false)).rejects.toMatchObject({ code: 'EXISTS' })
  })

  it('discards a file when one of its pieces could not be written', async () => {
    const id = await outputs.open(path, false)
    await outputs.write(id, 0, bytes(1))
    const unwritable = { length: 2 } as Uint8Array
    await expect(outputs.write(id, 1, unwritable)).rejects.toThrow()
    await expect(outputs.close(id, true)).rejects.toMatchObject({ code: 'UNWRITABLE' })
    expect(await readdir(folder)).toEqual([])
  })

  it('refuses to write to a closed file or to close it again', async () => {
    const id = await outputs.open(path, false)
    await outputs.close(id, false)
    await expect(outputs.write(id, 0, bytes(1))).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(outputs.close(id, true)).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})
