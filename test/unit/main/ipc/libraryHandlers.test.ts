import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAppData } from '../../../../src/main/appData'
import { libraryHandlers } from '../../../../src/main/ipc/libraryHandlers'
import { fakeEngine } from './fakeEngine'

const context = { requestId: 'id', signal: new AbortController().signal }

describe('library', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'library-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** printf '\x01\x02' | sha256sum */
  const pastedPictures = ['a12871fee210fb8619291eaea194581cbd2531e4b23759d225f6806923f63222.png']

  /** Accepts files whose name starts with "good" as pictures, and one pasted file. */
  const engine = fakeEngine(({ input }) => {
    const { path } = input as { path: string }
    const isPicture = basename(path).startsWith('good') || pastedPictures.includes(basename(path))
    if (isPicture) return { ok: true, data: { path, name: basename(path) } }
    return {
      ok: false,
      error: { code: 'BAD_PICTURE', message: `"${basename(path)}" is no picture ("${path}").` },
    }
  })

  async function setUp() {
    const { recent } = await openAppData(join(folder))
    const pastedFolder = join(folder, 'pasted')
    const draggedFolder = join(folder, 'dragged')
    const handlers = libraryHandlers({ engine, recent, pastedFolder, draggedFolder })
    return { handlers, recent, pastedFolder, draggedFolder }
  }

  it('continues after a failed file, and adds the imported pictures to the recent ones', async () => {
    for (const name of ['bad.png', 'good.png']) await writeFile(join(folder, name), '')
    const { handlers, recent } = await setUp()
    const paths = [join(folder, 'bad.png'), join(folder, 'gone'), join(folder, 'good.png')]
    const report = await handlers['library.import']({ paths, remember: true }, context)
    expect(report.pictures.map(({ name }) => name)).toEqual(['good.png'])
    expect(report.failures.map(({ error }) => error.code)).toEqual(['BAD_PICTURE', 'NOT_FOUND'])
    expect(recent.paths).toEqual([join(folder, 'good.png')])
  })

  it('leaves the recent pictures unchanged when the user did not open the files', async () => {
    await writeFile(join(folder, 'good.png'), '')
    const { handlers, recent } = await setUp()
    await handlers['library.import']({ paths: [join(folder, 'good.png')], remember: false }, context)
    expect(recent.paths).toEqual([])
  })

  it('keeps a frame that was dragged from the stage into the library (would catch a picture whose file is gone at the next start)', async () => {
    const { handlers, recent, pastedFolder, draggedFolder } = await setUp()
    const dragged = join(draggedFolder, 'drag-1', 'Frame 7.png')
    await mkdir(join(draggedFolder, 'drag-1'), { recursive: true })
    await writeFile(dragged, new Uint8Array([1, 2]))
    const report = await handlers['library.import']({ paths: [dragged], remember: true }, context)
    await rm(draggedFolder, { recursive: true })
    expect(report.failures).toEqual([])
    const kept = join(pastedFolder, pastedPictures[0])
    expect(report.pictures).toEqual([{ path: kept, name: 'Frame 7.png' }])
    expect([...(await readFile(kept))]).toEqual([1, 2])
    expect(recent.paths).toEqual([])
  })

  it('stops before the next file when cancelled', async () => {
    await writeFile(join(folder, 'good.png'), '')
    const { handlers } = await setUp()
    const signal = AbortSignal.abort()
    const paths = [join(folder, 'good.png')]
    await expect(
      handlers['library.import']({ paths, remember: true }, { ...context, signal }),
    ).rejects.toMatchObject({
      code: 'CANCELLED',
    })
  })

  it('stores identical pastes once, and returns each under its given name', async () => {
    const { handlers, pastedFolder } = await setUp()
    for (const name of ['First', 'Second']) {
      const info = await handlers['library.paste']({ name, bytes: new Uint8Array([1, 2]) }, context)
      expect(info.name).toBe(name)
    }
    expect(await readdir(pastedFolder)).toEqual(pastedPictures)
  })

  it('calls a rejected paste “the pasted picture” instead of naming the hash of its deleted file', async () => {
    const { handlers, pastedFolder } = await setUp()
    const paste = handlers['library.paste']({ name: 'Clip', bytes: new Uint8Array([3]) }, context)
    await expect(paste).rejects.toMatchObject({
      code: 'BAD_PICTURE',
      message: 'The pasted picture is no picture (the pasted picture).',
    })
    expect(await readdir(pastedFolder)).toEqual([])
  })

  it('refuses an oversized paste before writing to the disk', async () => {
    const { handlers, pastedFolder } = await setUp()
    const bytes = new Uint8Array(100_000_001)
    await expect(handlers['library.paste']({ name: 'x', bytes }, context)).rejects.toMatchObject({
      code: 'BAD_PICTURE',
    })
    await expect(readdir(pastedFolder)).rejects.toThrow()
  })
})
