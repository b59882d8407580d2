import { describe, expect, it } from 'vitest'
import type { ModelInfo } from '#shared/reports'
import { findModel } from '../../../../src/renderer/actions/projectModel'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { usePreferences } from '../../../../src/renderer/stores/preferences'
import { useProject } from '../../../../src/renderer/stores/project'
import { failure, installFakeStudio, modelInfo } from '../fakeStudio'

const wanted = { name: 'fruits', sha256: 'hash of fruits', path: '/their/fruits' }

/** A computer with these models, each by its path and with its hash. */
function installComputerWith(models: Record<string, string>) {
  const studio = installFakeStudio({
    'models.list': () => ({
      rows: Object.keys(models).map((path) => ({ id: path.split('/').at(-1), path })),
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
})
