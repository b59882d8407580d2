import { expect, it } from 'vitest'
import { emptyDocument, type StudioDocument } from '#shared/document'
import { history } from '../../../../src/renderer/actions/history'
import { importPaths } from '../../../../src/renderer/actions/importPictures'
import { locate } from '../../../../src/renderer/actions/locate'
import { putWork } from '../../../../src/renderer/actions/project'
import { useDocument } from '../../../../src/renderer/stores/document'
import { newPicture, useLibrary } from '../../../../src/renderer/stores/library'
import { useMissing } from '../../../../src/renderer/stores/missing'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { installFakeStudio, pictureInfo } from '../fakeStudio'

/** Opens a project whose only picture is missing, and looks for it; the folder is read once `find` is called. */
function locateIn(path = '/found/gone.png') {
  const picture = { ...newPicture(pictureInfo('gone.png')), relativePath: '/films/photos/gone.png' }
  const info = { ...picture.info, path }
  let find: () => void = () => undefined
  const { callsOf } = installFakeStudio({
    'dialog.locate': () => info.path,
    'picture.info': () => info,
    'project.find': ({ document }: { document: StudioDocument }) => {
      const pictures = document.pictures.map(({ relativePath: _, ...found }) => found)
      return new Promise((resolve) => {
        find = () => resolve({ document: { ...document, pictures }, missing: [] })
      })
    },
  })
  putWork({
    document: { ...emptyDocument(), pictures: [picture] },
    path: '/films/film.slerp',
    missing: [picture.info.path],
  })
  const located = locate(picture)
  const searching = () => expect.poll(() => callsOf('project.find')).toHaveLength(1)
  return { searching, find: () => find(), located }
}

const told = () => useNotices().notices.map(({ title }) => title)

const isMissing = () => useMissing().isMissing(useLibrary().items[0])

it('puts the picture where it was found', async () => {
  const { searching, find, located } = locateIn()
  await searching()
  find()
  await located
  expect(useLibrary().pictures.map(({ info }) => info.path)).toEqual(['/found/gone.png'])
  expect(isMissing()).toBe(false)
  const found = { title: 'Gone found', detail: null }
  expect(useNotices().notices).toContainEqual(expect.objectContaining(found))
})

it('forgets where the picture was looked for beside the project (would catch a place of old that wins once the file is gone again)', async () => {
  const { searching, find, located } = locateIn()
  await searching()
  find()
  await located
  expect(useLibrary().pictures[0].relativePath).toBeUndefined()
  history.undo()
  expect(useLibrary().pictures[0].relativePath).toBe('/films/photos/gone.png')
})

it('marks the picture as missing again when the search is undone (would catch one that cannot be located any more)', async () => {
  const { searching, find, located } = locateIn()
  await searching()
  find()
  await located
  history.undo()
  expect(useLibrary().pictures.map(({ info }) => info.path)).toEqual(['/pictures/gone.png'])
  expect(isMissing()).toBe(true)
  history.redo()
  expect(isMissing()).toBe(false)
})

it('marks a picture as found that is back where it was', async () => {
  const { searching, find, located } = locateIn('/pictures/gone.png')
  await searching()
  find()
  await located
  expect(isMissing()).toBe(false)
})

it('leaves a project alone that was opened meanwhile (would catch that its own missing files are forgotten)', async () => {
  const { searching, find, located } = locateIn()
  await searching()
  putWork({ document: emptyDocument(), path: '/films/other.slerp', missing: ['/lost.png'] })
  const before = told()
  find()
  await located
  expect([...useMissing().paths]).toEqual(['/lost.png'])
  expect(useLibrary().selectedIds).toEqual([])
  expect(told()).toEqual(before)
})

/** Opens a project whose only picture is missing, and returns what its message offers. */
function openWithMissing() {
  const picture = newPicture(pictureInfo('gone.png'))
  const { calls } = installFakeStudio({ 'dialog.locate': () => '/found/gone.png' })
  const work = { document: { ...emptyDocument(), pictures: [picture] }, missing: [picture.info.path] }
  putWork({ ...work, path: '/films/film.slerp' })
  const { action } = useNotices().notices.find(({ title }) => title === 'gone.png is missing')!
  return { work, picture, action: action!, calls }
}

it.each<[string, (opened: ReturnType<typeof openWithMissing>) => void]>([
  ['of an earlier project', () => putWork({ document: emptyDocument(), path: '/films/other.slerp' })],
  ['of an earlier project with such an item', ({ work }) => putWork({ ...work, path: '/films/copy.slerp' })],
  ['about an item that was removed', ({ picture }) => useLibrary().remove([picture.id])],
])(
  'locates nothing from a message %s, and says why (would catch “found” in a project without it)',
  async (_what, change) => {
    const opened = openWithMissing()
    change(opened)
    const before = useDocument().value
    opened.calls.length = 0
    opened.action.run()
    await expect.poll(told).toContain('Gone wasn’t located')
    expect(opened.calls).toEqual([])
    expect(useDocument().value).toBe(before)
  },
)

it('does not mark a file that is read again where it was missing before it was located elsewhere', async () => {
  const { searching, find, located } = locateIn()
  await searching()
  find()
  await located
  installFakeStudio({ 'library.import': () => ({ pictures: [pictureInfo('gone.png')], failures: [] }) })
  await importPaths(['/pictures/gone.png'])
  const added = useLibrary().pictures.find(({ info }) => info.path === '/pictures/gone.png')!
  expect(useMissing().isMissing(added)).toBe(false)
})

it('keeps what the search read of a picture that was changed in place, also when the search is undone (would catch a picture of old with the frames of the new file)', async () => {
  const [gone, other] = ['gone.png', 'other.png'].map((name) => newPicture(pictureInfo(name)))
  installFakeStudio({
    'dialog.locate': () => '/found/gone.png',
    'picture.info': () => ({ ...gone.info, path: '/found/gone.png' }),
    'project.find': ({ document }: { document: StudioDocument }) => {
      const changed = { ...other, info: { ...other.info, sha256: 'retouched' } }
      return { document: { ...document, pictures: [document.pictures[0], changed] }, missing: [] }
    },
  })
  const document = { ...emptyDocument(), pictures: [gone, other] }
  putWork({ document, path: '/films/film.slerp', missing: [gone.info.path] })
  await locate(gone)
  history.undo()
  expect(useLibrary().pictures.map(({ info }) => [info.path, info.sha256])).toEqual([
    ['/pictures/gone.png', 'hash of gone.png'],
    ['/pictures/other.png', 'retouched'],
  ])
  history.redo()
  expect(useLibrary().pictures.map(({ info }) => info.path)).toEqual([
    '/found/gone.png',
    '/pictures/other.png',
  ])
})

it('gives up a crop that does not lie inside a file that has changed, and says so (would catch a picture that cannot be encoded)', async () => {
  const crop = { mode: 'crop', x: 20, y: 10, width: 30, height: 30 } as const
  const files = { 'gone.png': { width: 49, height: 40 }, 'roomy.png': { width: 50, height: 40 } }
  const pictures = Object.keys(files).map((name) => ({ ...newPicture(pictureInfo(name)), fit: crop }))
  const found = pictures.map(({ info }) => ({
    ...info,
    ...files[info.name as keyof typeof files],
    path: `/found/${info.name}`,
    sha256: 'retouched',
  }))
  installFakeStudio({
    'dialog.locate': () => found[0].path,
    'picture.info': () => found[0],
    'project.find': ({ document }: { document: StudioDocument }) => ({
      document: {
        ...document,
        pictures: document.pictures.map((one, at) => ({ ...one, info: found[at] })),
      },
      missing: [],
      problems: [],
    }),
  })
  const missing = pictures.map(({ info }) => info.path)
  putWork({ document: { ...emptyDocument(), pictures }, path: '/films/film.slerp', missing })
  await locate(pictures[0])
  expect(useLibrary().pictures.map(({ info, fit }) => [info.path, fit])).toEqual([
    ['/found/gone.png', { mode: 'cover' }],
    ['/found/roomy.png', crop],
  ])
  const detail = 'The crop of Gone no longer fits: the middle is used until you crop again.'
  expect(useNotices().notices).toContainEqual(expect.objectContaining({ title: 'Gone found', detail }))
  history.undo()
  expect(useLibrary().pictures.map(({ fit }) => fit)).toEqual([crop, crop])
})

it('offers to locate a picture of which only the content is known, and takes none for another (would catch two missing pictures that share an empty path)', async () => {
  const unplaced = (name: string) => {
    const picture = newPicture(pictureInfo(name))
    return { ...picture, info: { ...picture.info, path: '' } }
  }
  const pictures = [unplaced('a.png'), unplaced('b.png')]
  const info = pictureInfo('a.png')
  installFakeStudio({
    'dialog.locate': () => info.path,
    'picture.info': () => info,
    'project.find': ({ document }: { document: StudioDocument }) => ({ document, missing: ['b.png'] }),
  })
  putWork({ document: { ...emptyDocument(), pictures }, path: null, missing: ['a.png', 'b.png'] })
  const missing = () => useLibrary().items.map(useMissing().isMissing)
  expect(missing()).toEqual([true, true])
  await locate(pictures[0])
  expect(missing()).toEqual([false, true])
  expect(useLibrary().pictures[1].info).toEqual(pictures[1].info)
  expect(useNotices().notices.at(-1)?.detail).toBe('1 file is still missing.')
})
