import { describe, expect, it } from 'vitest'
import type { IntakeReport } from '#shared/reports'
import { checkModel, readModelAs } from '../../../../src/renderer/actions/modelReading'
import { useModel } from '../../../../src/renderer/stores/model'
import { useNotices } from '../../../../src/renderer/stores/notices'
import { usePreferences } from '../../../../src/renderer/stores/preferences'
import { failure, installFakeStudio, modelInfo } from '../fakeStudio'

const info = { ...modelInfo, predictionType: 'epsilon' as const, timestepScale: 1, warnings: [] }
const agreeing: IntakeReport = {
  predictionType: 'epsilon',
  confidence: 0.9,
  timestepScale: 1,
  batchDifference: 0,
  flatPictures: [-0.8, 0.8],
  warnings: [],
  seconds: 1,
}

function open(intake: IntakeReport | null) {
  const studio = installFakeStudio({
    'model.check': () => {
      if (intake === null) throw failure('BAD_MODEL', '/models/m cannot be run.')
      return { info, intake }
    },
    'model.info': ({ model }: { model: { prediction?: string } }) => ({
      ...info,
      predictionType: model.prediction ?? 'epsilon',
    }),
    'app.setPreferences': (changes: object) => ({
      theme: 'dark',
      threads: 0,
      device: 'auto',
      precision: 'fp32',
      ...changes,
    }),
  })
  useModel().info = info
  usePreferences().modelPath = info.path
  return studio
}

describe('the check of an opened model', () => {
  it('shows no message when the model’s answers agree with its configuration (would catch a false alarm)', async () => {
    open(agreeing)
    await checkModel()
    expect(useModel().intake).toEqual(agreeing)
    expect(useNotices().notices).toEqual([])
  })

  it('reports what disagrees, and offers to follow the model’s answers', async () => {
    const { callsOf } = open({
      ...agreeing,
      predictionType: 'v_prediction',
      warnings: ['The network’s output looks like v.'],
    })
    await checkModel()
    const [notice] = useNotices().notices
    expect(notice).toMatchObject({
      title: 'm may be configured wrongly',
      items: ['The network’s output looks like v.'],
    })
    notice.action!.run()
    await expect.poll(() => usePreferences().modelReading).toMatchObject({ prediction: 'v_prediction' })
    expect(callsOf('model.info')[0].input).toMatchObject({ model: { prediction: 'v_prediction' } })
    expect(useModel().source).toMatchObject({ prediction: 'v_prediction', timestepScale: 1 })
  })

  it('reports a model that cannot be run (would catch a failure that appears only at the first encode)', async () => {
    open(null)
    await checkModel()
    expect(useNotices().notices[0]).toMatchObject({ tone: 'bad', title: 'The model can’t be used' })
  })

  it('ignores the answers of a model that is no longer open', async () => {
    open({ ...agreeing, warnings: ['The network’s output looks like v.'] })
    const checking = checkModel()
    useModel().info = { ...info, path: '/models/another' }
    await checking
    expect(useNotices().notices).toEqual([])
  })
})

describe('the reading of a model', () => {
  /** The chosen model's disk is unplugged, so the bundled one is open. */
  function openBundledInstead() {
    const studio = open(agreeing)
    usePreferences().modelPath = '/mnt/usb/my-v-model'
    usePreferences().modelReading = { prediction: 'v_prediction' }
    return studio
  }

  it('is that of the chosen model', () => {
    open(agreeing)
    usePreferences().modelReading = { prediction: 'v_prediction' }
    expect(useModel().source).toMatchObject({ path: info.path, prediction: 'v_prediction' })
  })

  it('does not count for the model in place of a missing one (would catch wrong pictures without a warning)', () => {
    openBundledInstead()
    expect(useModel().source).toMatchObject({ path: info.path })
    expect(useModel().source).not.toHaveProperty('prediction')
  })

  it('is not mixed into changes of another model’s reading', async () => {
    openBundledInstead()
    await readModelAs({ timestepScale: 0.5 })
    expect(usePreferences().modelReading).toEqual({ timestepScale: 0.5 })
  })
})
