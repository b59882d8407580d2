import type * as fs from 'node:fs/promises'
import { copyFile, mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, it, vi } from 'vitest'
import { createPixels } from '#core/picture/pixels'
import { encodePng } from '#engine/image/encodePicture'
import { Pictures } from '#engine/image/Pictures'
import { findFiles } from '#engine/project/findFiles'
import { readDocument } from '#shared/readDocument'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { samplePath } from '../../../fixtures/projects'

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof fs>()
  return { ...actual, stat: vi.fn(actual.stat) }
})

let folder: string
beforeEach(async () => {
  folder = emptyFolder()
  for (let at = 0; at < 10; at++) await writeFile(join(folder, `${at}.txt`), 'not a picture')
  vi.mocked(stat).mockClear()
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
