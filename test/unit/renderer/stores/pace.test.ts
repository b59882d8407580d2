import { beforeEach, describe, expect, it } from 'vitest'
import type { RouteInput, Routes } from '#shared/contract'
import { usePace } from '../../../../src/renderer/stores/pace'
import { useModel } from '../../../../src/renderer/stores/model'
import { installFakeStudio, modelInfo } from '../fakeStudio'

type FramesRequest = RouteInput<Routes['animation.frames']>
const secondsAnEvaluation = 0.5
let studio: ReturnType<typeof installFakeStudio>

beforeEach(() => {
  let opened = 0
  studio = installFakeStudio({
    'animation.frames': ({ indices, decode }: FramesRequest) => {
      const opening = opened++ === 0 ? 30 : 0
      return { frames: [], seconds: opening + indices.length * decode.steps! * secondsAnEvaluation }
    },
  })
  useModel().info = modelInfo
})

describe('the pace', () => {
  it('is the time per evaluation, excluding the time to open the model', async () => {
    await usePace().measure()
    expect(usePace().secondsPerEvaluation).toBeCloseTo(secondsAnEvaluation)
  })

  it('is measured once per model, and unknown for another model', async () => {
    await usePace().measure()
    const asked = studio.calls.length
    await usePace().measure()
    expect(studio.calls).toHaveLength(asked)
    useModel().info = { ...modelInfo, sha256: 'another' }
    expect(usePace().secondsPerEvaluation).toBeNull()
  })

  it('is updated by measured work', () => {
    usePace().note(usePace().subject, { seconds: 5, evaluations: 20 })
    expect(usePace().secondsPerEvaluation).toBeCloseTo(0.25)
  })

  it('ignores results that came from a cache', () => {
    usePace().note(usePace().subject, { seconds: 0, evaluations: 20 })
    expect(usePace().secondsPerEvaluation).toBeNull()
  })

  it('has an upper bound from everyday work once the model is open, which does not change with every job and is not shown as the pace', () => {
    const pace = usePace()
    pace.observe(pace.subject, { seconds: 90, evaluations: 20 })
    expect(pace.secondsAtMost).toBeNull()
    pace.observe(pace.subject, { seconds: 2, evaluations: 20 })
    pace.observe(pace.subject, { seconds: 4, evaluations: 20 })
    expect(pace.secondsAtMost).toBeCloseTo(0.1)
    expect(pace.secondsPerEvaluation).toBeNull()
  })

  it('ignores work of a model that is no longer in use', () => {
    const { subject } = usePace()
    useModel().info = { ...modelInfo, sha256: 'another' }
    usePace().note(subject, { seconds: 5, evaluations: 20 })
    expect(usePace().secondsPerEvaluation).toBeNull()
  })
})

it('the pace is that of the current model, however late the previous model’s trial ends', async () => {
  const trials: ((seconds: number) => void)[] = []
  studio = installFakeStudio({
    'animation.frames': () =>
      new Promise((answer) => trials.push((seconds) => answer({ frames: [], seconds }))),
  })
  const pace = usePace()
  const settle = () => new Promise((done) => setTimeout(done))
  useModel().info = modelInfo
  const before = pace.measure()
  await settle()
  useModel().info = { ...modelInfo, sha256: 'another' }
  const now = pace.measure()
  await settle()
  trials[1](1)
  await settle()
  trials[2](8)
  await now
  trials[0](1)
  await settle()
  trials[3](80)
  await before
  expect(pace.secondsPerEvaluation).toBe(1)
  expect(studio.calls.map(({ input }) => (input as FramesRequest).model.path)).toHaveLength(4)
})
