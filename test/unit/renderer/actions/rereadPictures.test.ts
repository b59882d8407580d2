import { expect, it } from 'vitest'
import type { FitSettings } from '#shared/pictureSource'
import type { PictureInfo } from '#shared/reports'
import { history } from '../../../../src/renderer/actions/history'
import { importPaths } from '../../../../src/renderer/actions/importPictures'
import { fitPicture, renameItem } from '../../../../src/renderer/actions/pictureEdits'
import { putWork } from '../../../../src/renderer/actions/project'
import { revertProject } from '../../../../src/renderer/actions/saveProject'
import { useDocument } from '../../../../src/renderer/stores/document'
import { useEncoding } from '../../../../src/renderer/stores/encoding'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useMissing } from '../../../../src/renderer/stores/missing'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { useProject } from '../../../../src/renderer/stores/project'
import { useThumbnails } from '../../../../src/renderer/stores/thumbnails'
import { failure, installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

/** The files on the disk by their paths. */
let files: Map<string, PictureInfo>

/** Opens a window whose library holds these files, each of 100 x 80 pixels. */
async function openWith(...names: string[]) {
  files = new Map(names.map((name) => [`/pictures/${name}`, pictureInfo(name)]))
  const studio = installFakeStudio({
    'project.openExport': () => null,
    'library.import': ({ paths }: { paths: string[] }) => ({
      pictures: paths.map((path) => files.get(path)),
      failures: [],
    }),
    'latent.encode': () => ({ fidelity: null }),
    'picture.preview': ({ picture }: { picture: { sha256: string } }) => {
      if (picture.sha256 === 'damaged') throw failure('BAD_PICTURE')
      return new Uint8Array()
    },
    'model.pace': () => ({
      secondsPerEvaluation: 1,
      secondsPerBatchedEvaluation: 1,
      secondsPerDecoding: 1,
    }),
  })
  await importPaths([...files.keys()])
  return studio
}

/** Edits a file in another program, and imports it again. */
async function retouch(name: string, changes: Partial<PictureInfo>): Promise<void> {
  const path = `/pictures/${name}`
  files.set(path, { ...files.get(path)!, ...changes })
  await importPaths([path])
}

const hashes = () => useLibrary().pictures.map(({ info }) => info.sha256)
const told = () => useNotices().notices.map(({ title, detail }) => [title, detail])
const sentence = (name: string) => `The file of ${name} has changed and is read again`

it('takes over what a known file holds now, and encodes it again if it was encoded (would catch an old latent that counts as that of the new picture)', async () => {
  const { callsOf } = await openWith('a.png', 'b.png', 'c.png')
  const [a, b] = useLibrary().pictures
  useModel().info = modelInfo
  useEncoding().enqueue([a])
  await expect.poll(() => useEncoding().isReady(a)).toBe(true)
  await retouch('a.png', { sha256: 'retouched', width: 50, height: 40 })
  const [now, other] = useLibrary().pictures
  expect(now).toMatchObject({ id: a.id, name: 'A', info: { sha256: 'retouched', width: 50, height: 40 } })
  expect(other).toBe(b)
  expect(useLibrary().selectedIds).toEqual([a.id])
  expect(told()).toEqual([[sentence('A'), null]])
  await expect.poll(() => useEncoding().isReady(now)).toBe(true)
  const encoded = callsOf('latent.encode').map(({ input }) => input as { picture: object })
  expect(encoded.map(({ picture }) => picture)).toMatchObject([
    { sha256: 'hash of a.png' },
    { sha256: 'retouched' },
  ])
  await retouch('b.png', { sha256: 'also retouched' })
  expect(callsOf('latent.encode')).toHaveLength(2)
})

it('changes and says nothing for a file that is as it was', async () => {
  await openWith('a.png')
  const before = useDocument().value
  await retouch('a.png', {})
  expect(useDocument().value).toBe(before)
  expect(told()).toEqual([])
})

it('names all files that have changed in one message', async () => {
  await openWith('a.png', 'b.png', 'c.png')
  for (const path of ['/pictures/a.png', '/pictures/c.png']) {
    files.set(path, { ...files.get(path)!, sha256: 'retouched' })
  }
  await importPaths([...files.keys()])
  expect(useNotices().notices).toMatchObject([
    { title: 'The files of 2 pictures have changed and are read again', items: ['A', 'C'] },
  ])
})

it('is no edit: whatever is undone or redone, pictures stay as their files are (would catch a picture of old with the frames of the new file)', async () => {
  await openWith('a.png')
  renameItem(useLibrary().pictures[0], 'Apple')
  history.undo()
  await retouch('a.png', { sha256: 'retouched' })
  expect([history.undoLabel.value, history.redoLabel.value]).toEqual(['Add a picture', 'Rename A'])
  history.undo()
  expect(hashes()).toEqual([])
  history.redo()
  expect(hashes()).toEqual(['retouched'])
  history.redo()
  expect(useLibrary().pictures).toMatchObject([{ name: 'Apple', info: { sha256: 'retouched' } }])
  await retouch('a.png', { sha256: 'retouched twice' })
  history.undo()
  expect(hashes()).toEqual(['retouched twice'])
})

const crop = (fit: FitSettings) => fitPicture(useLibrary().pictures[0], fit)
const fits = () => useLibrary().pictures.map(({ fit }) => fit)

it('keeps a crop that still lies inside the picture, also right at its edge', async () => {
  await openWith('a.png')
  const fit = { mode: 'crop', x: 20, y: 10, width: 30, height: 30 } as const
  crop(fit)
  await retouch('a.png', { sha256: 'smaller', width: 50, height: 40 })
  expect(fits()).toEqual([fit])
  expect(told()).toEqual([[sentence('A'), null]])
})

it.each([
  ['narrow', 49, 40],
  ['low', 50, 39],
])(
  'gives up the crop of a picture that is too %s for it, and says so, also in earlier states',
  async (_what, width, height) => {
    await openWith('a.png')
    crop({ mode: 'crop', x: 20, y: 10, width: 30, height: 30 })
    crop({ mode: 'contain', background: '#123456' })
    crop({ mode: 'crop', x: 20, y: 10, width: 30, height: 30 })
    await retouch('a.png', { sha256: 'smaller', width, height })
    expect(fits()).toEqual([{ mode: 'cover' }])
    expect(told()).toEqual([
      [sentence('A'), 'The crop of A no longer fits: the middle is used until you crop again.'],
    ])
    history.undo()
    expect(fits()).toEqual([{ mode: 'contain', background: '#123456' }])
    history.undo()
    expect(fits()).toEqual([{ mode: 'cover' }])
  },
)

it('returns to the saved project with the file as it is now', async () => {
  await openWith('a.png')
  putWork({ document: useDocument().value, path: '/films/film.slerp' })
  renameItem(useLibrary().pictures[0], 'Apple')
  await retouch('a.png', { sha256: 'retouched' })
  revertProject()
  expect(useLibrary().pictures).toMatchObject([{ name: 'A', info: { sha256: 'retouched' } }])
  expect(useProject().dirty).toBe(true)
})

it('says why there is nothing to revert if only a file has changed (would catch a command that does nothing without a word)', async () => {
  await openWith('a.png')
  putWork({ document: useDocument().value, path: '/films/film.slerp' })
  revertProject()
  expect(told()).toEqual([])
  await retouch('a.png', { sha256: 'retouched' })
  revertProject()
  expect(told().map(([title]) => title)).toContain(
    'Nothing to revert: only files on the disk or the model have changed since the project was saved',
  )
  expect(hashes()).toEqual(['retouched'])
})

it('leaves a project alone that is opened later: its files were read then', async () => {
  await openWith('a.png')
  const { value: document } = useDocument()
  await retouch('a.png', { sha256: 'retouched' })
  putWork({ document, path: '/films/film.slerp' })
  expect(hashes()).toEqual(['hash of a.png'])
})

it('misses a file no longer that is back with other content', async () => {
  await openWith('a.png')
  const [picture] = useLibrary().pictures
  const document = {
    ...useDocument().value,
    pictures: [{ ...picture, relativePath: '/films/a.png' }],
  }
  putWork({ document, path: '/films/film.slerp', missing: ['/pictures/a.png'] })
  await retouch('a.png', { sha256: 'retouched' })
  const [now] = useLibrary().pictures
  expect([useMissing().isMissing(now), now.relativePath]).toEqual([false, undefined])
})

it('does not count a damaged file as damaged once it is mended (would catch a picture that is never encoded)', async () => {
  await openWith('a.png')
  await retouch('a.png', { sha256: 'damaged' })
  await useThumbnails()
    .thumbnailOf(useLibrary().pictures[0])
    .catch(() => undefined)
  expect(useThumbnails().damageOf(useLibrary().pictures[0])?.code).toBe('BAD_PICTURE')
  await retouch('a.png', { sha256: 'mended' })
  expect(useThumbnails().damageOf(useLibrary().pictures[0])).toBeNull()
})
