import { describe, expect, it, vi } from 'vitest'
import { modelUse, type ModelList, type ModelRow } from '#shared/models'
import { presetFor } from '#shared/presets'
import { history } from '../../../../src/renderer/actions/history'
import {
  addModelFolder,
  downloadModel,
  forgetModelFolder,
  openModel,
  removableFolderOf,
  switchModel,
} from '../../../../src/renderer/actions/models'
import { modelFacts } from '../../../../src/renderer/labels/modelLabels'
import { downloadLabel } from '../../../../src/renderer/labels/progressLabels'
import { useModel } from '../../../../src/renderer/stores/model'
import { useModelLibrary } from '../../../../src/renderer/stores/modelLibrary'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { usePreferences } from '../../../../src/renderer/stores/preferences'
import { useSettings } from '../../../../src/renderer/stores/settings'
import { type Call, failure, installFakeStudio, modelInfo } from '../fakeStudio'

const row = (changes: Partial<ModelRow> = {}): ModelRow => ({
  id: 'a/b',
  path: '/hub/b',
  place: 'cache',
  folder: null,
  commit: 'abc',
  bytes: 143e6,
  licence: 'mit',
  picture: { channels: 3, width: 32, height: 32 },
  cleanTimestep: -1,
  presetKind: 'pixels',
  problem: null,
  isUnfinished: false,
  use: null,
  ...changes,
})
const bundled = row({ id: 'fruits', path: '/resources/fruits', place: 'bundled', commit: null })
const report = {
  repository: 'a/b',
  commit: 'abc',
  path: '/hub/b',
  bytes: 1,
  revision: 'main',
  fetchedBytes: 1,
  seconds: 1,
  notices: [],
}

function studioWith(pull: (input: never, call: Call) => unknown = () => report, opened = modelInfo) {
  const list: ModelList = { rows: [bundled, row()], cacheFolder: '/hub', others: 0, isOffline: false }
  return installFakeStudio({
    'models.list': () => list,
    'models.pull': pull,
    'model.info': () => opened,
    'dialog.openModel': () => '/mine/models',
    'app.state': () => ({ model: modelInfo }),
    'app.setPreferences': (changes: object) => ({
      threads: 0,
      modelPath: null,
      modelFolders: [],
      ...changes,
    }),
  })
}

describe('a download', () => {
  it('is announced with an action to use the model, and listed', async () => {
    studioWith()
    await downloadModel('a/b')
    const [notice] = useNotices().notices
    expect(notice).toMatchObject({ tone: 'good', title: 'a/b is here', action: { label: 'Use' } })
    expect(useModelLibrary().list?.rows).toHaveLength(2)
    expect(useModelLibrary().downloads.size).toBe(0)
  })

  it('has arrived although the list of models fails (would catch a download reported as failed)', async () => {
    installFakeStudio({
      'models.pull': () => report,
      'models.list': () => {
        throw failure('INTERNAL')
      },
    })
    await downloadModel('a/b')
    expect(useNotices().notices.map(({ title }) => title)).toEqual(['a/b is here'])
  })

  it('stays listed with its reason when it fails, and can be retried', async () => {
    let tries = 0
    studioWith(() => {
      if (tries++ === 0) throw failure('DOWNLOAD_FAILED', 'The connection broke.')
      return report
    })
    await downloadModel('a/b')
    expect(useModelLibrary().downloads.get('a/b')?.failure).toBe('The connection broke.')
    expect(useNotices().notices[0]).toMatchObject({ tone: 'bad', detail: 'The connection broke.' })
    await downloadModel('a/b')
    expect(useModelLibrary().downloads.size).toBe(0)
  })

  it('is cancelled without an error message, and is not started twice', async () => {
    const studio = studioWith(async (_, { cancelled, progress }) => {
      progress({
        phase: 'download',
        done: 1e6,
        total: 2e6,
        etaSeconds: 3,
        bytesPerSecond: 5e5,
        label: 'unet',
      })
      await cancelled
      throw failure('CANCELLED')
    })
    const library = useModelLibrary()
    const pulling = downloadModel('a/b')
    await downloadModel('a/b')
    expect(studio.callsOf('models.pull')).toHaveLength(1)
    await Promise.resolve()
    expect(downloadLabel(library.downloads.get('a/b')!.progress)).toBe(
      '1.0 MB of 2.0 MB · 500 kB/s · 3 s left · unet',
    )
    library.cancel('a/b')
    await pulling
    expect(library.downloads.size).toBe(0)
    expect(useNotices().notices).toEqual([])
  })
})

describe('a download that is asked for while it is being cancelled', () => {
  /** A download whose first try ends only once `end` is called, and which is asked for again before that. */
  function pullAgain() {
    let end: () => void = () => undefined
    let late: () => void = () => undefined
    let tries = 0
    const studio = studioWith((_, { progress }) => {
      if (tries++ > 0) return report
      late = () => progress({ phase: 'download', done: 1, total: 2, etaSeconds: 1 })
      return new Promise((_resolve, reject) => (end = () => reject(failure('CANCELLED'))))
    })
    const first = downloadModel('a/b')
    const again = async () => {
      await expect.poll(() => studio.callsOf('models.pull')).toHaveLength(1)
      useModelLibrary().cancel('a/b')
      return { second: downloadModel('a/b') }
    }
    return { studio, again, late: () => late(), end: () => (end(), first) }
  }
  const shownDownload = () => useModelLibrary().downloads.get('a/b')

  it('begins once that has ended (would catch a click that does nothing)', async () => {
    const { studio, again, late, end } = pullAgain()
    const { second } = await again()
    expect(shownDownload()).toMatchObject({ failure: null })
    late()
    expect(shownDownload()?.progress).toBeNull()
    await end()
    await second
    expect(studio.callsOf('models.pull')).toHaveLength(2)
    expect(useNotices().notices.map(({ title }) => title)).toEqual(['a/b is here'])
    expect(shownDownload()).toBeUndefined()
  })

  it('does not begin when it is cancelled too', async () => {
    const { studio, again, end } = pullAgain()
    const { second } = await again()
    useModelLibrary().cancel('a/b')
    await end()
    await second
    expect(studio.callsOf('models.pull')).toHaveLength(1)
    expect([useModelLibrary().downloads.size, useNotices().notices]).toEqual([0, []])
  })
})

describe('switching models', () => {
  it('stores the path of the chosen model in the preferences, and no path for the bundled model', async () => {
    const studio = studioWith()
    await useModelLibrary().refresh()
    await switchModel(row())
    expect(studio.callsOf('app.setPreferences').at(-1)?.input).toMatchObject({ modelPath: '/hub/b' })
    await switchModel(bundled)
    expect(studio.callsOf('app.setPreferences').at(-1)?.input).toMatchObject({ modelPath: null })
  })

  const latentInfo = {
    ...modelInfo,
    sha256: 'hash of a latent model',
    autoencoder: {
      className: 'AutoencoderKL',
      config: '/m/vae/config.json',
      parameters: 1,
      scalingFactor: 1,
    },
  }

  it('changes to the same preset for the new kind of model, and can be undone', async () => {
    studioWith(() => report, latentInfo)
    useModel().info = modelInfo
    const settings = useSettings()
    settings.apply(presetFor('pixels', 'draft'))
    await switchModel(row())
    expect(settings.preset).toBe(presetFor('codes', 'draft'))
    history.undo()
    expect(settings.decode.steps).toBe(presetFor('pixels', 'draft').decode.steps)
  })

  it('leaves custom settings alone', async () => {
    studioWith(() => report, latentInfo)
    useModel().info = modelInfo
    const settings = useSettings()
    settings.decode = { ...settings.decode, steps: 33 }
    await switchModel(row())
    expect(settings.decode.steps).toBe(33)
  })

  /** A studio that answers about each model at its path once `answer` is called with it. */
  function studioWithSlowDisk() {
    const answers = new Map<string, () => void>()
    const studio = installFakeStudio({
      'models.list': () => ({ rows: [bundled, row()], cacheFolder: '/hub', others: 0, isOffline: false }),
      'model.info': ({ model: { path } }: { model: { path: string } }) =>
        new Promise((resolve) => answers.set(path, () => resolve({ ...latentInfo, sha256: path, path }))),
      'app.state': () =>
        new Promise((resolve) => answers.set('default', () => resolve({ model: modelInfo }))),
      'app.setPreferences': (changes: object) => changes,
    })
    useModel().info = modelInfo
    const answer = async (path: string): Promise<void> => {
      await vi.waitFor(() => expect(answers.has(path)).toBe(true))
      answers.get(path)!()
      await new Promise((resolve) => setTimeout(resolve))
    }
    return { studio, answer }
  }

  it('ends with the one that was chosen last, in the window and in the preferences, whichever is read first', async () => {
    const { studio, answer } = studioWithSlowDisk()
    const settings = useSettings()
    settings.apply(presetFor('pixels', 'draft'))
    const switching = [row({ path: '/slow' }), row({ path: '/quick' })].map(switchModel)
    await answer('/quick')
    settings.apply(presetFor('codes', 'standard'))
    await answer('/slow')
    await Promise.all(switching)
    expect(useModel().info?.path).toBe('/quick')
    expect(studio.callsOf('app.setPreferences').map(({ input }) => input)).toMatchObject([
      { modelPath: '/quick' },
    ])
    expect(settings.preset).toBe(presetFor('codes', 'standard'))
  })

  it('keeps the settings that were changed while the model was read (would catch a preset in their place)', async () => {
    const { answer } = studioWithSlowDisk()
    const settings = useSettings()
    settings.apply(presetFor('pixels', 'draft'))
    const switching = switchModel(row({ path: '/slow' }))
    settings.decode = { ...settings.decode, steps: 33 }
    await answer('/slow')
    await switching
    expect(useModel().info?.path).toBe('/slow')
    expect(settings.decode.steps).toBe(33)
  })

  it('changes to the preset for the new kind of model although guidance was changed meanwhile, and keeps that (would catch a preset left behind)', async () => {
    const { answer } = studioWithSlowDisk()
    const settings = useSettings()
    settings.apply(presetFor('pixels', 'draft'))
    const switching = switchModel(row({ path: '/slow' }))
    settings.decode = { ...settings.decode, guidance: 3 }
    await answer('/slow')
    await switching
    expect([settings.preset, settings.decode.guidance]).toEqual([presetFor('codes', 'draft'), 3])
  })

  it('keeps a model that was chosen while the default one was still being opened', async () => {
    const { studio, answer } = studioWithSlowDisk()
    await useModelLibrary().refresh()
    const switching = [bundled, row({ path: '/quick' })].map(switchModel)
    await answer('/quick')
    await answer('default')
    await Promise.all(switching)
    expect(useModel().info?.path).toBe('/quick')
    expect(studio.callsOf('app.setPreferences').at(-1)?.input).toMatchObject({ modelPath: '/quick' })
  })

  it('keeps the open model and refreshes the list when the chosen model is gone', async () => {
    installFakeStudio({
      'models.list': () => ({ rows: [], cacheFolder: '/hub', others: 0, isOffline: false }),
      'model.info': () => {
        throw failure('NOT_FOUND', 'It is no longer there.')
      },
    })
    useModel().info = modelInfo
    await switchModel(row())
    expect(useModel().info).toEqual(modelInfo)
    expect(useModelLibrary().list?.rows).toEqual([])
    expect(useNotices().notices[0]).toMatchObject({ title: '“a/b” couldn’t be opened' })
  })
})

it('remembers added and opened model folders, each only once', async () => {
  const studio = studioWith()
  await addModelFolder()
  await openModel()
  expect(studio.callsOf('app.setPreferences').at(-1)?.input).toEqual({ modelFolders: ['/mine/models'] })
})

const twenty = Array.from({ length: 20 }, (_unused, at) => `/mine/${at}`)

it.each([
  ['that was added longest ago', [], '/mine/19'],
  [
    'in which no model opens (would catch a model that is used pushed out by one that is gone)',
    [
      row({ folder: '/mine/3', path: '/mine/3/a', place: 'folder', problem: 'It does not open.' }),
      row({ folder: '/mine/3', path: '/mine/3/b', place: 'folder' }),
      row({ folder: '/mine/5', path: '/mine/5', place: 'folder', problem: 'It is not there.' }),
    ],
    '/mine/5',
  ],
])('drops a folder from a full list, %s, and says so', async (_which, rows, dropped) => {
  const studio = studioWith()
  usePreferences().modelFolders = twenty
  useModelLibrary().list = { rows, cacheFolder: '/hub', others: 0, isOffline: false }
  await addModelFolder()
  expect(studio.callsOf('app.setPreferences').at(-1)?.input).toEqual({
    modelFolders: ['/mine/models', ...twenty.filter((folder) => folder !== dropped)],
  })
  expect(useNotices().notices[0].detail).toContain(dropped)
})

it('takes a folder off the list, and no other (would catch an entry that cannot be removed)', async () => {
  const studio = studioWith()
  usePreferences().modelFolders = ['/mine/a', '/mine/gone']
  await forgetModelFolder('/mine/gone')
  expect(studio.callsOf('app.setPreferences').at(-1)?.input).toEqual({ modelFolders: ['/mine/a'] })
  expect(studio.callsOf('models.list')).toHaveLength(1)
})

it('takes the model that was chosen last off the list too, once another is in use (would catch an entry that stays)', async () => {
  const studio = studioWith()
  const preferences = usePreferences()
  preferences.modelPath = '/mine/gone'
  preferences.modelFolders = ['/mine/a']
  const gone = row({ folder: '/mine/gone', path: '/mine/gone', place: 'folder' })
  useModel().info = { ...modelInfo, path: '/mine/gone' }
  expect(removableFolderOf(gone)).toBeNull()
  useModel().info = modelInfo
  expect(removableFolderOf(gone)).toBe('/mine/gone')
  await forgetModelFolder('/mine/gone')
  expect(studio.callsOf('app.setPreferences').at(-1)?.input).toEqual({
    modelFolders: ['/mine/a'],
    modelPath: null,
    modelReading: {},
  })
})

it.each([
  ['a folder is removed', () => forgetModelFolder('/mine/a')],
  ['a folder is added', addModelFolder],
  ['a model is opened', () => openModel()],
])(
  'tells only that the list failed after %s (would catch a change reported as failed)',
  async (_what, act) => {
    installFakeStudio({
      'models.list': () => {
        throw failure('INTERNAL')
      },
      'model.info': () => modelInfo,
      'dialog.openModel': () => '/mine/models',
      'app.setPreferences': (changes: object) => ({ threads: 0, modelFolders: [], ...changes }),
    })
    await act()
    expect(useNotices().notices.map(({ title }) => title)).toEqual(['The models couldn’t be listed'])
  },
)

it('shows a model’s measured speed and fidelity in its row, at the current settings', () => {
  studioWith()
  const decode = { ...useSettings().decode, solver: 'ddim' as const, steps: 20 }
  const use = modelUse.parse({ evaluationMilliseconds: 10, psnr: 41.23, pictures: 3, device: null })
  expect(modelFacts(row(), decode)).toBe('32 × 32 · 143 MB · mit')
  expect(modelFacts(row({ use }), decode)).toBe('32 × 32 · 143 MB · mit · 200 ms a frame · 41.2 dB so far')
  const heun = { ...decode, solver: 'heun' as const }
  const atTimestep0 = row({ use, cleanTimestep: 0 })
  expect(modelFacts(row({ use }), heun)).toContain('390 ms a frame')
  expect(modelFacts(atTimestep0, heun)).toContain('400 ms a frame')
  const withAutoencoder = { ...use, decodingMilliseconds: 50 }
  expect(modelFacts(row({ use: withAutoencoder }), decode)).toContain('250 ms a frame')
  const slow = { ...use, evaluationMilliseconds: 100, psnr: null }
  expect(modelFacts(row({ use: slow }), decode)).toBe('32 × 32 · 143 MB · mit · 2.0 s a frame')
})
