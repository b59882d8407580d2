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

  it('is measured once per model, and unknown for another model', async () => {
    await Promise.all([usePace().measure(), usePace().measure()])
    await usePace().measure()
    expect(studio.calls).toHaveLength(1)
    useModel().info = { ...modelInfo, sha256: 'another' }
    expect(usePace().current).toBeNull()
  })

  it('stays unknown, and is asked for again, for a model that nothing has been computed with', async () => {
    studio = installFakeStudio({
      'model.pace': ({ onlyIfUsed }: { onlyIfUsed: boolean }) => (onlyIfUsed ? null : paceOf(0.5)),
    })
    useModel().info = modelInfo
    await usePace().measure({ onlyIfUsed: true })
    expect(usePace().current).toBeNull()
    await usePace().measure()
    expect(usePace().current).toEqual(paceOf(0.5))
  })

  it('is measured again after the work has moved to another device (would catch the pace of a card that failed)', async () => {
    await usePace().measure()
    const compute = { provider: 'cpu' } as ComputeInfo
    useModel().engine = { ...useModel().engine, compute }
    expect(usePace().current).toBeNull()
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
    expect([usePace().current, usePace().timing]).toEqual([null, false])
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
