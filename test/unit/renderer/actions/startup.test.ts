import { expect, it } from 'vitest'
import { session } from '#shared/app'
import { presets } from '#shared/presets'
import { history } from '../../../../src/renderer/actions/history'
import { importPaths } from '../../../../src/renderer/actions/importPictures'
import { startUp } from '../../../../src/renderer/actions/startup'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

it('does not let Undo empty the restored session when a file was opened meanwhile', async () => {
  const { encode, decode } = presets[0]
  const kept = session.parse({
    pictures: [{ path: '/pictures/own.png', name: 'Own', fit: { mode: 'cover' } }],
    stops: [],
    segments: [],
    fps: 20,
    loop: 'loop',
    encode,
    decode,
  })
  installFakeStudio({
    'app.state': () => ({
      preferences: {},
      devices: [],
      model: modelInfo,
      session: kept,
      samples: [],
      notices: [],
    }),
    'library.import': ({ paths }: { paths: string[] }) => ({
      pictures: paths.map((path) => pictureInfo(path.replace('/pictures/', ''))),
      failures: [],
    }),
  })
  const opened = importPaths(['/pictures/opened.png'])
  await startUp()
  await opened
  history.undo()
  expect(useLibrary().pictures.map(({ name }) => name)).toContain('Own')
})
