import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exportFormatRows } from '#shared/exportFormats'
import { listCandidates } from '../../../src/main/pictureFolders'

describe('listCandidates', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'picture-folders-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  async function fill(...names: string[]): Promise<void> {
    await Promise.all(names.map((name) => writeFile(join(folder, name), '')))
  }

  it('accepts a single file as a picture, whatever its name', async () => {
    await fill('no-ending')
    const path = join(folder, 'no-ending')
    expect(await listCandidates(path)).toEqual([{ path, expected: true }])
  })

  it('lists the files of a folder in natural order, without hidden files and subfolders', async () => {
    await fill('b10.png', 'b9.png', '.hidden.png', 'notes.txt')
    await mkdir(join(folder, 'deeper'))
    await symlink(join(folder, 'b9.png'), join(folder, 'link.JPG'))
    const found = await listCandidates(folder)
    expect(found.map(({ path, expected }) => [basename(path), expected])).toEqual([
      ['b9.png', true],
      ['b10.png', true],
      ['link.JPG', true],
      ['notes.txt', false],
    ])
  })

  it('expects pictures under every usual ending, those of exports among them (would catch a damaged one left out without a word)', async () => {
    const rows = exportFormatRows.filter(({ video }) => !video)
    // Those that Pillow and libheif register for the formats that are read.
    const usual = 'png apng jpg jpeg jpe jfif webp gif avif avifs heic heics heif heifs hif tif tiff'.split(
      ' ',
    )
    const endings = [...new Set([...usual, ...rows.flatMap((row) => [...row.endings])])]
    await fill(...endings.map((ending) => `a.${ending.toUpperCase()}`))
    expect((await listCandidates(folder)).filter(({ expected }) => !expected)).toEqual([])
  })

  it('reports an empty folder instead of silently importing nothing', async () => {
    await expect(listCandidates(folder)).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it('reports a missing path', async () => {
    await expect(listCandidates(join(folder, 'gone'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('refuses a folder with more than 2000 files', async () => {
    await fill(...Array.from({ length: 2001 }, (_, index) => `${index}.png`))
    await expect(listCandidates(folder)).rejects.toThrow('2001 files')
  })
})
