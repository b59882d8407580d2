import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import type * as fs from 'node:fs/promises'
import { copyFile, mkdir, open, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createPixels } from '#core/picture/pixels'
import { encodePng } from '#engine/image/encodePicture'
import { Pictures } from '#engine/image/Pictures'
import { findFiles, type Places } from '#engine/project/findFiles'
import { readDocument } from '#shared/readDocument'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { samplePath } from '../../../fixtures/projects'

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof fs>()
  return {
    ...actual,
    stat: vi.fn(actual.stat),
    open: vi.fn(actual.open),
    readdir: vi.fn(actual.readdir),
  }
})

let folder: string
beforeEach(async () => {
  folder = emptyFolder()
  for (let at = 0; at < 10; at++) await writeFile(join(folder, `${at}.txt`), 'not a picture')
  for (const mock of [stat, open, readdir]) vi.mocked(mock).mockClear()
})

const never = new AbortController().signal
const documentOf = (items: Record<string, unknown>) => readDocument({ version: 1, ...items }).document
/** Pictures that are nowhere, of known content. */
const lost = Array.from({ length: 6 }, (_unused, at) => ({
  id: `p${at}`,
  info: { path: `/gone/${at}.png`, sha256: `${at}`.repeat(64), bytes: 5000 + at },
}))

it('looks at each file nearby once, however many pictures are missing (would catch minutes on a network disk)', async () => {
  const { missing } = await findFiles(documentOf({ pictures: lost }), new Pictures(), never, {
    folder,
    others: [],
  })
  expect(missing).toEqual(lost.map(({ info }) => info.path))
  const looks = vi.mocked(stat).mock.calls.filter(([path]) => String(path).endsWith('.txt'))
  expect(looks).toHaveLength(10)
})

/** How often files were opened whose paths end in this way. */
const openings = (end: string) =>
  vi.mocked(open).mock.calls.filter(([path]) => String(path).endsWith(end)).length
const hashOf = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex')

it('reads each of the files that could be a missing picture once (would catch a moved folder read N × N times)', async () => {
  const bytes = 'not a picture'.length
  const pictures = lost.map(({ id, info }) => ({ id, info: { ...info, bytes } }))
  const { missing } = await findFiles(documentOf({ pictures }), new Pictures(), never, { folder, others: [] })
  expect(missing).toHaveLength(lost.length)
  expect(openings('.txt')).toBe(10)
})

it('reads a file once that hundreds of pictures name (would catch minutes spent on a hostile project)', async () => {
  const path = join(folder, '0.txt')
  const pictures = Array.from({ length: 300 }, (_unused, at) => ({
    id: `p${at}`,
    info: { path, sha256: hashOf(String(at)), bytes: 1 },
  }))
  const places = { folder: null, others: [], exact: true }
  const { missing } = await findFiles(documentOf({ pictures }), new Pictures(), never, places)
  expect(missing).toHaveLength(pictures.length)
  expect(openings('0.txt')).toBe(1)
})

it('finds a renamed latent file by its content', async () => {
  await writeFile(join(folder, 'other.npy'), 'another latent')
  await writeFile(join(folder, 'renamed.NPY'), 'a latent')
  const latent = { id: 'f', kind: 'file', path: '/gone/kept.npy', sha256: hashOf('a latent') }
  const { missing, document } = await findFiles(
    documentOf({ latents: [latent, { ...latent, id: 'g', sha256: hashOf('not a picture') }] }),
    new Pictures(),
    never,
    { folder, others: [] },
  )
  expect(document.latents[0]).toMatchObject({ path: join(folder, 'renamed.NPY') })
  // Text files are no latents, whatever is in them.
  expect([missing, openings('.txt')]).toEqual([['/gone/kept.npy'], 0])
})

describe('a missing latent file among weights (would catch gigabytes read at each start)', () => {
  const latent = { id: 'f', kind: 'file', path: '/gone/kept.npy', sha256: hashOf('a latent') }
  const find = (more: Partial<Places>) =>
    findFiles(documentOf({ latents: [latent] }), new Pictures(), never, { folder, others: [], ...more })

  it('is taken from the project that contains it, before any of them is read', async () => {
    await writeFile(join(folder, 'weights.safetensors'), 'of a network')
    const { document } = await find({ unpack: () => Promise.resolve('/unpacked/latent.npy') })
    expect(document.latents[0]).toMatchObject({ path: '/unpacked/latent.npy' })
    expect(openings('.safetensors')).toBe(0)
  })

  it('is not looked for among them by a quick search', async () => {
    await writeFile(join(folder, 'renamed.npy'), 'a latent')
    expect((await find({ quick: true })).missing).toEqual(['/gone/kept.npy'])
    expect(openings('.npy')).toBe(0)
  })

  it('is looked for in at most a gibibyte, the smallest files first', async () => {
    const plain = vi.mocked(stat).getMockImplementation()!
    const withWeights = async (path: string) => {
      const stats = (await plain(path)) as Stats
      return path.endsWith('.safetensors') ? Object.assign(stats, { size: 160 * 2 ** 20 }) : stats
    }
    vi.mocked(stat).mockImplementation(withWeights as typeof stat)
    for (let at = 0; at < 7; at++) await writeFile(join(folder, `${at}.safetensors`), 'of a network')
    await writeFile(join(folder, 'z.npy'), 'a latent')
    const { document } = await find({})
    expect(document.latents[0]).toMatchObject({ path: join(folder, 'z.npy') })
    expect(openings('.safetensors')).toBe(0)
    await writeFile(join(folder, 'z.npy'), 'another')
    expect((await find({})).missing).toEqual(['/gone/kept.npy'])
    // Seven of 160 MiB are more than a gibibyte, six are less.
    expect(openings('.safetensors')).toBe(6)
    vi.mocked(stat).mockImplementation(plain)
  })
})

it.skipIf(process.platform === 'win32')(
  'follows links to files and folders, and reads no folder twice (would catch pictures on a linked disk that stay missing)',
  async () => {
    const [disk, elsewhere] = [emptyFolder(), emptyFolder()]
    const names = ['apple-golden', 'apple-red']
    const found = [join(folder, 'renamed.webp'), join(folder, 'disk', 'apple-red.webp')]
    await copyFile(samplePath('apple-golden'), join(elsewhere, 'a.webp'))
    await copyFile(samplePath('apple-red'), join(disk, 'apple-red.webp'))
    await symlink(join(elsewhere, 'a.webp'), found[0])
    await mkdir(join(disk, 'deep'))
    await symlink(folder, join(disk, 'deep', 'back'))
    await symlink(disk, join(folder, 'disk'))
    await symlink('/nowhere', join(folder, 'broken'))
    const pictures = await Promise.all(
      names.map(async (name) => {
        const bytes = await readFile(samplePath(name))
        const info = { path: `/gone/${name}.webp`, sha256: hashOf(bytes), bytes: bytes.length }
        return { id: name, info }
      }),
    )
    const { document, missing } = await findFiles(documentOf({ pictures }), new Pictures(), never, {
      folder,
      others: [],
    })
    expect(missing).toEqual([])
    expect(document.pictures.map(({ info }) => info.path)).toEqual(found)
    expect(vi.mocked(readdir)).toHaveBeenCalledTimes(3)
  },
)

it('finds a sample picture of an earlier installation in this one (would catch samples that an AppImage loses at each start)', async () => {
  const resources = join(folder, 'now')
  const sample = join(resources, 'samples', 'apple-golden.webp')
  await mkdir(join(resources, 'samples'), { recursive: true })
  await copyFile(samplePath('apple-golden'), sample)
  const path = '/tmp/.mount_Slerp12/resources/samples/apple-golden.webp'
  const document = documentOf({ pictures: [{ id: 'p', info: { path } }] })
  const places = { folder: null, others: [] }
  const find = (more: object) => findFiles(document, new Pictures(), never, { ...places, ...more })
  expect((await find({})).missing).toEqual([path])
  const found = await find({ resources })
  expect([found.missing, found.document.pictures[0].info.path]).toEqual([[], sample])
})

it('stops once it is cancelled', async () => {
  const cancel = new AbortController()
  vi.mocked(stat).mockImplementationOnce(() => {
    cancel.abort()
    return Promise.reject(new Error('none'))
  })
  const finding = findFiles(documentOf({ pictures: lost }), new Pictures(), cancel.signal, {
    folder,
    others: [],
  })
  await expect(finding).rejects.toMatchObject({ name: 'AbortError' })
  expect(vi.mocked(stat).mock.calls).toHaveLength(1)
})

it('forgets the relative path of what it finds, and makes that of what it misses a place', async () => {
  const elsewhere = join(folder, 'elsewhere')
  await mkdir(elsewhere)
  await copyFile(samplePath('apple-golden'), join(elsewhere, 'apple.webp'))
  await writeFile(join(elsewhere, 'kept.npy'), 'a latent')
  const { document, missing } = await findFiles(
    documentOf({
      pictures: [
        { id: 'p', info: { path: '/gone/apple.webp' }, relativePath: 'elsewhere/apple.webp' },
        { id: 'q', info: { path: '/gone/pear.webp' }, relativePath: 'elsewhere/pear.webp' },
      ],
      latents: [
        { id: 'f', kind: 'file', path: '/gone/kept.npy', relativePath: 'elsewhere/kept.npy' },
        { id: 'g', kind: 'file', path: '/gone/lost.npy', relativePath: 'elsewhere/lost.npy' },
      ],
    }),
    new Pictures(),
    never,
    { folder, others: [] },
  )
  expect(missing).toEqual(['/gone/pear.webp', '/gone/lost.npy'])
  const items = [...document.pictures, ...document.latents] as { relativePath?: string }[]
  expect(items.map(({ relativePath }) => relativePath)).toEqual([
    undefined,
    join(elsewhere, 'pear.webp'),
    undefined,
    join(elsewhere, 'lost.npy'),
  ])
})

it('gives up the crop of a picture that has become too small for it, and says so once (would catch a project that cannot be encoded)', async () => {
  const crop = { mode: 'crop', x: 4, y: 0, width: 6, height: 6 }
  const names = ['wide', 'narrow', 'flat', 'lost']
  for (const [name, width, height] of [
    ['wide', 10, 6],
    ['narrow', 9, 6],
    ['flat', 10, 5],
  ] as const)
    await writeFile(join(folder, `${name}.png`), await encodePng(createPixels(width, height)))
  const pictures = names.map((name) => ({
    id: name,
    name: `The ${name} one`,
    info: { path: join(folder, `${name}.png`), sha256: 'of the file before', width: 20, height: 20 },
    fit: crop,
  }))
  const { document, missing, problems } = await findFiles(documentOf({ pictures }), new Pictures(), never, {
    folder,
    others: [],
  })
  expect(missing).toEqual([join(folder, 'lost.png')])
  expect(document.pictures.map(({ fit }) => fit)).toEqual([crop, { mode: 'cover' }, { mode: 'cover' }, crop])
  expect(problems).toEqual([
    'The crop of The narrow one, The flat one no longer fits: the middle is used until you crop again.',
  ])
})
