import { expect, it } from 'vitest'
import { session } from '#shared/app'
import { mostPaths } from '#shared/contract'
import { presets } from '#shared/presets'
import { history } from '../../../../src/renderer/actions/history'
import { importPaths } from '../../../../src/renderer/actions/importPictures'
import { startUp } from '../../../../src/renderer/actions/startup'
import { useLibrary } from '../../../../src/renderer/stores/library'
import { installFakeStudio, modelInfo, pictureInfo } from '../fakeStudio'

/** An app whose last session had these pictures. */
function installStudioWith(names: readonly string[]) {
  const { encode, decode } = presets[0]
  const kept = session.parse({
    pictures: names.map((name) => ({ path: `/pictures/${name}`, name, fit: { mode: 'cover' } })),
    stops: [],
    segments: [],
    fps: 20,
    repeat: 'forever',
    encode,
    decode,
  })
  return installFakeStudio({
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
}

it('does not let Undo empty the restored session when a file was opened meanwhile', async () => {
  installStudioWith(['own.png'])
  const opened = importPaths(['/pictures/opened.png'])
  await startUp()
  await opened
  history.undo()
  expect(useLibrary().pictures.map(({ name }) => name)).toContain('own.png')
})

it('restores more pictures than one request may name, and remembers none of them as opened', async () => {
  const studio = installStudioWith(Array.from({ length: mostPaths + 1 }, (_unused, at) => `${at}.png`))
  await startUp()
  expect(useLibrary().pictures).toHaveLength(mostPaths + 1)
  const inputs = studio
    .callsOf('library.import')
    .map(({ input }) => input as { paths: string[]; remember: boolean })
  expect(inputs.map(({ paths, remember }) => [paths.length, remember])).toEqual([
    [mostPaths, false],
    [1, false],
  ])
})
