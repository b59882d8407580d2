import { mkdtemp, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { ContentCache } from '#files/ContentCache'
import { makeFolder, makeFolderSync } from '#files/makeFolder'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'make-folder-'))
  file = join(folder, 'file')
  await writeFile(file, 'a file of the user')
})

it('creates a folder and those above it, and leaves one that is there', async () => {
  const path = join(folder, 'a/b')
  await makeFolder(path)
  await makeFolder(path)
  expect((await stat(path)).isDirectory()).toBe(true)
})

it('refuses a file in its place and one above it (would catch an internal error)', async () => {
  await expect(makeFolder(file)).rejects.toMatchObject({
    code: 'UNWRITABLE',
    message: `Cannot write "${file}": it is not a folder: choose another name.`,
  })
  await expect(makeFolder(join(file, 'a'))).rejects.toMatchObject({
    code: 'UNWRITABLE',
    message: expect.stringContaining('lies below something that is not a folder') as string,
  })
})

it('names the link on the way that leads nowhere (would catch the claim that it is a file)', async () => {
  const link = join(folder, 'unplugged')
  await symlink(join(folder, 'disk/that/is/away'), link)
  await expect(makeFolder(join(link, 'a'))).rejects.toMatchObject({
    code: 'UNWRITABLE',
    message: `Cannot write "${link}": it is a link to a place that is not there: choose another name.`,
  })
})

it.runIf(process.platform === 'linux')(
  'refuses a place that takes no folders (would catch a wait without end)',
  async () => {
    for (const path of ['/proc/slerp', '/proc/slerp/a']) {
      await expect(makeFolder(path)).rejects.toMatchObject({
        code: 'UNWRITABLE',
        message: 'Cannot write "/proc/slerp": no folder can be made there: choose another place.',
      })
    }
  },
)

it('is there for the start of the app too, without a wait', async () => {
  const path = join(folder, 'a/b')
  makeFolderSync(path)
  makeFolderSync(path)
  expect((await stat(path)).isDirectory()).toBe(true)
  expect(() => makeFolderSync(file)).toThrow('EEXIST')
  expect(() => makeFolderSync(join(file, 'a'))).toThrow('ENOTDIR')
})

it.runIf(process.platform === 'linux')('ends at the start of the app where no folder can be made', () => {
  for (const path of ['/proc/slerp', '/proc/slerp/a']) expect(() => makeFolderSync(path)).toThrow('ENOENT')
})

it('a cache whose folder cannot exist refuses a limit, in one sentence', async () => {
  const cache = new ContentCache(join(file, 'results'))
  await expect(cache.setLimit(1000)).rejects.toMatchObject({
    code: 'UNWRITABLE',
    message: expect.stringContaining(`"${cache.folder}"`) as string,
  })
})
