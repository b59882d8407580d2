import { describe, expect, it, vi } from 'vitest'
import type { ModelInfo } from '#shared/reports'
import { findModel } from '../../../../src/renderer/actions/projectModel'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { usePreferences } from '../../../../src/renderer/stores/preferences'
import { useProject } from '../../../../src/renderer/stores/project'
import { failure, installFakeStudio, modelInfo } from '../fakeStudio'

const wanted = { name: 'fruits', sha256: 'hash of fruits', path: '/their/fruits' }

/** A computer with these models, each by its path and with its hash; the library names them by their folders. */
function installComputerWith(models: Record<string, string>, ids: Record<string, string> = {}) {
  const studio = installFakeStudio({
    'models.list': () => ({
      rows: Object.keys(models).map((path) => ({ id: ids[path] ?? path.split('/').at(-1), path })),
    }),
    'model.info': ({ model: { path } }: { model: { path: string } }): ModelInfo => {
      if (!(path in models)) throw failure('NOT_FOUND')
      return { ...modelInfo, path, sha256: models[path] }
    },
    'app.setPreferences': (changes: object) => changes,
  })
  useModel().info = modelInfo
  return studio
}

/** A computer whose disk answers about a model only once `answer` is called with its path. */
function installSlowComputer() {
  const answered = new Set<string>()
  const infoAt = async (path: string): Promise<ModelInfo> => {
    await vi.waitFor(() => expect(answered.has(path)).toBe(true))
    return { ...modelInfo, path, sha256: `hash of ${path}` }
  }
  const studio = installFakeStudio({
    'models.list': () => ({ rows: [] }),
    'model.info': ({ model: { path } }: { model: { path: string } }) => infoAt(path),
    'app.setPreferences': (changes: object) => changes,
    'app.state': () => ({ model: { ...modelInfo, path: '/bundled', sha256: 'hash of the bundled one' } }),
  })
  useModel().info = modelInfo
  const answer = async (path: string): Promise<void> => {
    answered.add(path)
    // Longer than it takes to ask and be answered twice.
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return { studio, answer }
}

const modelAt = (path: string) => ({ name: path, sha256: `hash of ${path}`, path })

describe('the model of a project', () => {
  it('is opened at its stored path', async () => {
    installComputerWith({ '/their/fruits': wanted.sha256 })
    await findModel(wanted)
    expect(useModel().info?.path).toBe('/their/fruits')
    expect(useProject().missingModel).toBeNull()
  })

  it('is read as it was, if it is the chosen one that had been missing (would catch a lost override)', async () => {
    const { callsOf } = installComputerWith({ '/their/fruits': wanted.sha256 })
    usePreferences().modelPath = '/their/fruits'
    usePreferences().modelReading = { prediction: 'v_prediction' }
    await findModel(wanted)
    expect(usePreferences().modelReading).toEqual({ prediction: 'v_prediction' })
    for (const { input } of callsOf('model.info')) {
      expect(input).toMatchObject({ model: { path: '/their/fruits', prediction: 'v_prediction' } })
    }
  })

  const asV = { prediction: 'v_prediction' as const }

  it.each([
    ['as the project says', { reading: asV }, asV],
    ['by its configuration, if the project says so', { reading: {} }, {}],
  ])(
    'is read %s, although it was last read otherwise (would catch a film of other frames)',
    async (...row) => {
      const [, says, reading] = row
      installComputerWith({ '/their/fruits': wanted.sha256 })
      usePreferences().modelPath = '/their/fruits'
      usePreferences().modelReading = { timestepScale: 0.5 }
      await findModel({ ...wanted, ...says })
      expect(useModel().reading).toEqual(reading)
    },
  )

  it('is read again if it is in use and was read otherwise', async () => {
    const { callsOf } = installComputerWith({ '/here/fruits': wanted.sha256 })
    await useModel().open('/here/fruits')
    await findModel({ ...wanted, reading: asV })
    expect(callsOf('model.info').at(-1)!.input).toMatchObject({ model: { path: '/here/fruits', ...asV } })
    expect(useModel().reading).toEqual(asV)
    expect(useProject().missingModel).toBeNull()
    expect(useProject().current().model).toMatchObject({ path: '/here/fruits', reading: asV })
  })

  it('is found in the Hugging Face cache, where its name has an organisation', async () => {
    const snapshot = '/cache/models--google--fruits/snapshots/1'
    installComputerWith({ [snapshot]: wanted.sha256 }, { [snapshot]: 'google/fruits' })
    await findModel(wanted)
    expect(useModel().info?.path).toBe(snapshot)
  })

  it('is found by its name when the project comes from another computer', async () => {
    installComputerWith({ '/mine/fruits': 'another with this name', '/ours/fruits': wanted.sha256 })
    usePreferences().modelPath = '/gone/another'
    usePreferences().modelReading = { prediction: 'v_prediction' }
    await findModel(wanted)
    expect(useModel().info?.path).toBe('/ours/fruits')
    expect(usePreferences().modelReading).toEqual({})
    expect(useNotices().notices).toEqual([])
  })

  it('is never replaced by another model of the same name, and is reported missing', async () => {
    installComputerWith({ '/mine/fruits': 'another with this name' })
    await findModel(wanted)
    expect(useModel().info).toEqual(modelInfo)
    expect(useProject().missingModel).toEqual(wanted)
    expect(useNotices().notices[0]).toMatchObject({ tone: 'bad', title: 'The model fruits is missing' })
  })

  it('is that of the project opened last, even if the search for another ends later', async () => {
    const { studio, answer } = installSlowComputer()
    const searches = [findModel(modelAt('/slow')), findModel(modelAt('/quick'))]
    await answer('/quick')
    await answer('/slow')
    await Promise.all(searches)
    expect(useModel().info?.path).toBe('/quick')
    expect(useProject().missingModel).toBeNull()
    expect(studio.callsOf('app.setPreferences')).toHaveLength(1)
    expect(useNotices().notices).toEqual([])
  })

  it.each([
    ['new work is begun', null],
    ['a project of the model in use is opened', { name: 'm', sha256: modelInfo.sha256, path: '' }],
  ])('is no longer opened once %s', async (_, next) => {
    const { studio, answer } = installSlowComputer()
    const search = findModel(modelAt('/slow'))
    await findModel(next)
    await answer('/slow')
    await search
    expect(useModel().info).toEqual(modelInfo)
    expect(studio.callsOf('app.setPreferences')).toEqual([])
    expect(useProject().missingModel).toBeNull()
  })

  it.each([
    ['found', { '/ours/fruits': wanted.sha256 }, '/ours/fruits', []],
    ['reported missing', {}, modelInfo.path, ['The model fruits is missing']],
  ])(
    'is %s although the person tried to open a folder that is no model during the search',
    async (_, models, path, titles) => {
      installComputerWith(models)
      const search = findModel(wanted)
      await expect(useModel().open('/no/model')).rejects.toThrow('NOT_FOUND')
      await search
      expect(useModel().info?.path).toBe(path)
      expect(useNotices().notices.map(({ title }) => title)).toEqual(titles)
    },
  )

  it('is not searched for any more once the person has returned to the model that the app starts with', async () => {
    const { studio, answer } = installSlowComputer()
    const search = findModel(modelAt('/slow'))
    const returning = useModel().openDefault()
    await answer('/slow')
    await Promise.all([search, returning])
    expect(useModel().info?.path).toBe('/bundled')
    expect(studio.callsOf('app.setPreferences')).toHaveLength(1)
    expect(useNotices().notices).toEqual([])
  })

  it('does not replace a model that the person chose during the search', async () => {
    const { answer } = installSlowComputer()
    const search = findModel(modelAt('/slow'))
    const opening = useModel().open('/chosen')
    await answer('/slow')
    await answer('/chosen')
    await Promise.all([search, opening])
    expect(useModel().info?.path).toBe('/chosen')
    expect(useNotices().notices).toEqual([])
  })
})
