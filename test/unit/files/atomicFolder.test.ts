import type * as Files from 'node:fs/promises'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAtomicFolder } from '#files/atomicFolder'

/** The names of files in the order in which they are flushed, and of what a folder is renamed to. */
const done = vi.hoisted(() => [] as string[])
vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof Files>()
  const open: typeof real.open = async (...args) => {
    const handle = await real.open(...args)
    const sync = handle.sync.bind(handle)
    return Object.assign(handle, {
      sync: () => (done.push(`flush ${basename(String(args[0]))}`), sync()),
    })
  }
  const rename: typeof real.rename = (from, to) => (
    done.push(`rename to ${basename(String(to))}`),
    real.rename(from, to)
  )
  return { ...real, open, rename }
})

let parent: string
let path: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'whole-folder-'))
  path = join(parent, 'frames')
})
afterEach(() => rm(parent, { recursive: true }))

const replaces = (name: string) => name.endsWith('.png')
const begin = (overwrite: boolean) => createAtomicFolder(path, { overwrite, replaces })
const refusal = (code: string, sentence: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(sentence) })

async function folderOf(...names: string[]): Promise<void> {
  await mkdir(path)
  for (const name of names) await writeFile(join(path, name), 'old')
}

describe('createAtomicFolder', () => {
  it('shows no folder before the commit and the whole folder after it (would catch a half-filled folder)', async () => {
    const folder = await begin(false)
    await writeFile(join(folder.temporaryPath, '1.png'), 'new')
    await expect(readdir(path)).rejects.toThrow('ENOENT')
    await folder.commit()
    await folder.abort()
    expect(await readdir(parent)).toEqual(['frames'])
    expect(await readdir(path)).toEqual(['1.png'])
  })

  it('flushes every file before the folder gets its name (would catch empty frames after a power failure)', async () => {
    const folder = await begin(false)
    await writeFile(join(folder.temporaryPath, '1.png'), 'new')
    await mkdir(join(folder.temporaryPath, 'unet'))
    await writeFile(join(folder.temporaryPath, 'unet', 'model.onnx'), 'new')
    done.length = 0
    await folder.commit()
    expect(done).toHaveLength(3)
    expect(done.slice(0, 2).sort()).toEqual(['flush 1.png', 'flush model.onnx'])
    expect(done[2]).toBe('rename to frames')
  })

  it('leaves nothing and keeps the old folder when aborted, even twice', async () => {
    await folderOf('1.png')
    const folder = await begin(true)
    await folder.abort()
    await folder.abort()
    expect(await readdir(parent)).toEqual(['frames'])
    expect(await readdir(path)).toEqual(['1.png'])
  })

  it.each([false, true])(
    'treats a folder that holds only files of the system, such as .DS_Store, as empty (overwrite %s)',
    async (overwrite) => {
      await folderOf('.DS_Store', 'Thumbs.db')
      const folder = await begin(overwrite)
      await writeFile(join(folder.temporaryPath, '1.png'), 'new')
      await folder.commit()
      expect(await readdir(parent)).toEqual(['frames'])
      expect(await readdir(path)).toEqual(['1.png'])
    },
  )

  it('uses an empty folder even if overwriting is not allowed', async () => {
    await folderOf()
    const folder = await begin(false)
    await writeFile(join(folder.temporaryPath, '1.png'), 'new')
    await folder.commit()
    expect(await readdir(parent)).toEqual(['frames'])
    expect(await readdir(path)).toEqual(['1.png'])
  })

  it('replaces all files of its own kind, only if overwriting is allowed (would catch mixed frames of two exports)', async () => {
    await folderOf('1.png', '2.png')
    await expect(begin(false)).rejects.toEqual(refusal('EXISTS', /not empty/))
    const folder = await begin(true)
    await writeFile(join(folder.temporaryPath, '1.png'), 'new')
    await folder.commit()
    expect(await readdir(path)).toEqual(['1.png'])
    expect(await readdir(parent)).toEqual(['frames'])
  })

  it('never removes other files, even if overwriting is allowed (would catch "overwrite" emptying a home folder)', async () => {
    await folderOf('1.png', 'thesis.txt')
    await expect(begin(true)).rejects.toEqual(refusal('EXISTS', /"thesis.txt", which would be lost/))
    expect(await readdir(path)).toEqual(['1.png', 'thesis.txt'])
  })

  it('checks the folder again at the commit (would catch the loss of a file saved there while frames were computed)', async () => {
    await folderOf('1.png')
    const folder = await begin(true)
    await writeFile(join(path, 'notes.txt'), 'mine')
    await expect(folder.commit()).rejects.toEqual(refusal('EXISTS', /notes.txt/))
    await folder.abort()
    expect(await readdir(path)).toEqual(['1.png', 'notes.txt'])
    expect(await readdir(parent)).toEqual(['frames'])
  })

  it('refuses at once a name that is too long (would catch one that is found only at the commit, after hours of frames)', async () => {
    path = join(parent, 'a'.repeat(300))
    await expect(begin(true)).rejects.toEqual(refusal('UNWRITABLE', /too long a name/))
    expect(await readdir(parent)).toEqual([])
  })

  it('refuses a path that is a file or lies in a missing folder, and says why', async () => {
    await writeFile(path, '')
    await expect(begin(true)).rejects.toEqual(refusal('UNWRITABLE', /it is not a folder/))
    path = join(parent, 'missing', 'frames')
    await expect(begin(false)).rejects.toEqual(refusal('UNWRITABLE', /folder that does not exist/))
  })
})
