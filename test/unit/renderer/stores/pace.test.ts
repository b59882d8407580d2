import { beforeEach, describe, expect, it } from 'vitest'
import type { ComputeInfo, ModelPace } from '#shared/reports'
import { usePace } from '../../../../src/renderer/stores/pace'
import { useModel } from '../../../../src/renderer/stores/model'
import { failure, installFakeStudio, modelInfo } from '../fakeStudio'

const paceOf = (secondsPerEvaluation: number): ModelPace => ({
  secondsPerEvaluation,
  secondsPerBatchedEvaluation: secondsPerEvaluation / 2,
  secondsPerDecoding: 1,
})
const unknown: ModelPace = {
  secondsPerEvaluation: null,
  secondsPerBatchedEvaluation: null,
  secondsPerDecoding: null,
}
let studio: ReturnType<typeof installFakeStudio>

beforeEach(() => {
  studio = installFakeStudio({ 'model.pace': () => paceOf(0.5) })
  useModel().info = modelInfo
})

describe('the pace', () => {
  it('is what the engine has measured', async () => {
    await usePace().measure()
    expect(usePace().current).toEqual(paceOf(0.5))
  })

  it('is asked for once at a time, and unknown for another model', async () => {
    await Promise.all([usePace().measure(), usePace().measure()])
    expect(studio.calls).toHaveLength(1)
    useModel().info = { ...modelInfo, sha256: 'another' }
    expect(usePace().current).toEqual(unknown)
  })

  it('is noticed after work without a trial, and then stays as it is until it is measured (would catch drafts that come and go)', async () => {
    const shown = [unknown, paceOf(0.5), paceOf(0.1)]
    studio = installFakeStudio({
      'model.pace': ({ measure }: { measure: boolean }) => (measure ? paceOf(0.2) : shown.shift()),
    })
    useModel().info = modelInfo
    const pace = usePace()
    await pace.notice()
    expect(pace.current).toEqual(unknown)
    await pace.notice()
    await pace.notice()
    expect(pace.current).toEqual(paceOf(0.5))
    await pace.measure()
    expect(pace.current).toEqual(paceOf(0.2))
  })

  it('is unknown after the work has moved to another device, which whoever shows it notices by its subject (would catch the pace of a card that failed)', async () => {
    await usePace().measure()
    const { subject } = usePace()
    const compute = { provider: 'cpu' } as ComputeInfo
    useModel().engine = { ...useModel().engine, compute }
    expect(usePace().subject).not.toBe(subject)
    expect(usePace().current).toEqual(unknown)
    await usePace().measure()
    expect(usePace().current).toEqual(paceOf(0.5))
  })

  it('stays unknown when the model cannot be timed, without a message: the work itself will say why', async () => {
    installFakeStudio({
      'model.pace': () => {
        throw failure('BAD_MODEL')
      },
    })
    useModel().info = modelInfo
    await usePace().measure()
    expect([usePace().current, usePace().timing]).toEqual([unknown, false])
  })
})

it('the pace is that of the current model, however late the previous model’s arrives', async () => {
  const answers: ((pace: ModelPace) => void)[] = []
  installFakeStudio({ 'model.pace': () => new Promise((answer) => answers.push(answer)) })
  const pace = usePace()
  useModel().info = modelInfo
  const before = pace.measure()
  useModel().info = { ...modelInfo, sha256: 'another' }
  const now = pace.measure()
  expect(pace.timing).toBe(true)
  answers[1](paceOf(1))
  await now
  answers[0](paceOf(80))
  await before
  expect(pace.current).toEqual(paceOf(1))
})
