import { expect, it } from 'vitest'
import { emptyDocument } from '#shared/document'
import { history } from '../../../../src/renderer/actions/history'
import { importDropped, importPaths, importPasted } from '../../../../src/renderer/actions/importPictures'
import { putWork } from '../../../../src/renderer/actions/project'
import { duplicateProject } from '../../../../src/renderer/actions/saveProject'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { failure, installFakeStudio, pictureInfo } from '../fakeStudio'

/** Drops a folder or file without pictures on a window; `one-layer` and `unet.onnx` are models. */
async function drop(path: string) {
  const notAPicture = path.includes('.') ? [{ path, error: failure('BAD_PICTURE') }] : []
  const { callsOf } = installFakeStudio({
    'project.openExport': () => null,
    'library.import': () => ({ pictures: [], failures: notAPicture }),
    'model.info': ({ model }: { model: { path: string } }) => {
      if (!/one-layer$|unet.onnx$/.test(model.path)) throw failure('BAD_MODEL')
      return { id: 'one-layer', path: model.path }
    },
    'app.setPreferences': (changes: object) => changes,
    'models.list': () => ({ rows: [], suggested: [] }),
  })
  await importPaths([path])
  return { notices: useNotices().notices, callsOf }
}

it.each(['/models/one-layer', '/models/unet.onnx'])(
  'offers to open the model %s (would catch a dropped model that is ignored)',
  async (path) => {
    const { notices } = await drop(path)
    expect(notices.map(({ title }) => title)).toEqual(['“one-layer” is a model'])
    notices[0].action!.run()
    await expect.poll(() => useModel().info?.path).toBe(path)
  },
)

it('reports that a folder has no pictures (would catch a missing message)', async () => {
  const { notices } = await drop('/home/papers')
  expect(notices.map(({ title }) => title)).toEqual(['No pictures in “papers”'])
})

it('says why a damaged picture is rejected, without checking for a model', async () => {
  const { notices, callsOf } = await drop('/models/one-layer/photo.png')
  expect(notices.map(({ code }) => code)).toEqual(['BAD_PICTURE'])
  expect(callsOf('model.info')).toEqual([])
})

it('imports animations and multi-page files, and says that only the first frame or page is used (would catch a missing message)', async () => {
  const moving = { ...pictureInfo('moving.gif'), more: 'frames' as const }
  const book = { ...pictureInfo('book.tif'), more: 'pages' as const }
  const take = async (...pictures: object[]) => {
    installFakeStudio({ 'library.import': () => ({ pictures, failures: [] }) })
    await importPaths(['/pictures', '/more'])
    expect(useLibrary().pictures).toHaveLength(pictures.length)
    return useNotices().notices.map(({ title, items }) => [title, ...items])
  }
  const animated = '“moving.gif” is animated: its first frame is used.'
  expect(await take(pictureInfo('still.gif'))).toEqual([])
  expect(await take(moving, pictureInfo('still.gif'))).toEqual([[animated]])
  expect(await take(moving, book)).toEqual([
    [
      'Only the first frame or page of 2 files is used',
      animated,
      '“book.tif” has several pages: its first page is used.',
    ],
  ])
})

/** Drops tensor files on a window: their names say which are weights; `whole/` is a model. */
async function dropTensors(...paths: string[]) {
  const { callsOf } = installFakeStudio({
    'project.openExport': () => null,
    'library.import': ({ paths: others }: { paths: string[] }) => ({
      pictures: [],
      failures: others.map((path) => ({ path, error: failure('BAD_PICTURE') })),
    }),
    'latent.fileKind': ({ path }: { path: string }) => {
      if (/weights/.test(path)) return 'weights'
      if (/damaged/.test(path)) throw failure('BAD_LATENT', `"${path}" is damaged.`)
      return 'latent'
    },
    'latent.info': () => ({}),
    'model.info': ({ model }: { model: { path: string } }) => {
      if (!model.path.startsWith('/whole/')) throw failure('BAD_MODEL')
      return { id: 'whole', path: model.path }
    },
  })
  await importPaths(paths)
  const { notices } = useNotices()
  return { titles: notices.map(({ title }) => title), notices, latents: useLibrary().latents, callsOf }
}

it.each(['/loose/weights.safetensors', '/loose/weights.ckpt', '/loose/weights.bin', '/loose/weights.pt'])(
  'explains what a lone %s is and what to do with it (would catch a failed import as a latent)',
  async (path) => {
    const { titles, notices, latents } = await dropTensors(path)
    const name = path.split('/').at(-1)
    expect(titles).toEqual([`“${name}” holds the weights of a network, not a latent`])
    expect(notices[0].detail).toContain('folder')
    expect(latents).toEqual([])
  },
)

it('offers the model that dropped weights belong to, and imports the latents beside them', async () => {
  const { titles, latents } = await dropTensors('/whole/weights.safetensors', '/whole/my.npy')
  expect(titles).toEqual(['“whole” is a model'])
  expect(latents.map(({ name }) => name)).toEqual(['My'])
})

it('rejects files that are neither latents nor weights with a message, and imports nothing', async () => {
  const { titles, latents } = await dropTensors('/loose/damaged.npy', '/loose/damaged.bin')
  expect(titles).toEqual(['2 files weren’t imported'])
  expect(latents).toEqual([])
})

/** A studio that answers about each import once `answer` is called. */
function slowStudio() {
  let answer: () => void = () => undefined
  const later = (result: unknown) => () => new Promise((resolve) => (answer = () => resolve(result)))
  const studio = installFakeStudio({
    'project.openExport': () => null,
    'latent.fileKind': later('latent'),
    'library.import': later({ pictures: [pictureInfo('a.png')], failures: [] }),
    'library.paste': later(pictureInfo('pasted.png')),
  })
  return { answer: () => answer(), ...studio }
}

const pasted = () => new File(['bytes'], 'pasted.png')

it.each([
  ['pictures', 'library.import', () => importPaths(['/pictures/a.png'])],
  ['latents', 'latent.fileKind', () => importPaths(['/latents/a.npy'])],
  ['pasted pictures', 'library.paste', () => importPasted([pasted(), pasted()])],
  ['dropped pictures', 'library.paste', () => importDropped([pasted()])],
] as const)(
  'adds no %s to a project that was opened while they were read, and says so once (would catch them in the wrong project)',
  async (_what, route, add) => {
    const { answer, callsOf } = slowStudio()
    const adding = add()
    await expect.poll(() => callsOf(route)).toHaveLength(1)
    putWork({ document: emptyDocument(), path: '/films/other.slerp' })
    answer()
    expect(await adding).toEqual([])
    expect(useLibrary().items).toEqual([])
    expect(callsOf(route)).toHaveLength(1)
    expect(useNotices().notices.map(({ title }) => title)).toEqual(['Nothing was added to this project'])
  },
)

it('adds pictures that were dropped together in one step, and selects them all (would catch an undo for each)', async () => {
  let count = 0
  installFakeStudio({ 'library.paste': () => pictureInfo(`${++count}.png`) })
  expect(await importDropped([pasted(), pasted(), pasted()])).toHaveLength(3)
  expect(useLibrary().selected).toHaveLength(3)
  expect(history.undoLabel.value).toBe('Add pictures')
  history.undo()
  expect(useLibrary().items).toEqual([])
  await importPasted([pasted()])
  expect(history.undoLabel.value).toBe('Add a picture')
})

it('adds pictures and latents that were dropped together in one step, and selects them all (would catch an undo for each kind)', async () => {
  installFakeStudio({
    'latent.fileKind': () => 'latent',
    'latent.info': () => ({}),
    'library.import': () => ({ pictures: [pictureInfo('a.png')], failures: [] }),
    'library.paste': () => pictureInfo('pasted.png'),
  })
  window.studio.pathOf = (file) => {
    const { name } = file as File
    return name === 'pasted.png' ? '' : `/files/${name}`
  }
  await importDropped([new File([], 'a.png'), new File([], 'my.npy'), pasted()])
  expect(useLibrary().selected.map(({ name }) => name)).toEqual(['A', 'Pasted', 'My'])
  expect(history.undoLabel.value).toBe('Add pictures and latents')
  history.undo()
  expect(useLibrary().items).toEqual([])
})

it('adds latents although the pictures dropped with them cannot be read', async () => {
  installFakeStudio({
    'latent.fileKind': () => 'latent',
    'latent.info': () => ({}),
    'library.import': () => {
      throw failure('INTERNAL')
    },
  })
  await importPaths(['/files/a.png', '/files/my.npy'])
  expect(useLibrary().items.map(({ name }) => name)).toEqual(['My'])
  expect(history.undoLabel.value).toBe('Add my.npy')
})

it('adds pictures to a duplicate that was made while they were read, which is the same document (would catch a lost import)', async () => {
  const { answer, callsOf } = slowStudio()
  const adding = importPaths(['/pictures/a.png', '/pictures/b.png'])
  await expect.poll(() => callsOf('library.import')).toHaveLength(1)
  duplicateProject()
  answer()
  expect((await adding).map(({ info }) => info.name)).toEqual(['a.png'])
  expect(useNotices().notices).toEqual([])
})
