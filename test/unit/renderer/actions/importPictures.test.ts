import { expect, it } from 'vitest'
import { importPaths } from '../../../../src/renderer/actions/importPictures'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { failure, installFakeStudio, pictureInfo } from '../fakeStudio'

/** A window onto which a folder or file without pictures is dropped; `one-layer` and `unet.onnx` are models. */
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
  'offers to open the model %s (would catch one that is dropped and nothing happens)',
  async (path) => {
    const { notices } = await drop(path)
    expect(notices.map(({ title }) => title)).toEqual(['“one-layer” is a model'])
    notices[0].action!.run()
    await expect.poll(() => useModel().info?.path).toBe(path)
  },
)

it('says that a folder has no pictures (would catch silence)', async () => {
  const { notices } = await drop('/home/papers')
  expect(notices.map(({ title }) => title)).toEqual(['No pictures in “papers”'])
})

it('says why a damaged picture is refused, and asks about no model', async () => {
  const { notices, callsOf } = await drop('/models/one-layer/photo.png')
  expect(notices.map(({ code }) => code)).toEqual(['BAD_PICTURE'])
  expect(callsOf('model.info')).toEqual([])
})

it('says of what only the first frame or page is used, and takes it in (would catch silence)', async () => {
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
      'Of 2 files, only the first frame or page is used',
      animated,
      '“book.tif” has several pages: its first page is used.',
    ],
  ])
})
