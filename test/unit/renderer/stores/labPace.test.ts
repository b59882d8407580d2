import { beforeEach, describe, expect, it } from 'vitest'
import type { RouteInput, Routes } from '#shared/contract'
import { useLabPace } from '../../../../src/renderer/stores/labPace'
import { useModel } from '../../../../src/renderer/stores/model'
import { installFakeStudio, modelInfo } from '../fakeStudio'
import { labCell } from '../labCells'

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
  it('is that of an evaluation, without the time that opening the model took', async () => {
    await useLabPace().measure()
    expect(useLabPace().secondsPerEvaluation).toBeCloseTo(secondsAnEvaluation)
  })

  it('is measured once a model, and unknown for another', async () => {
    await useLabPace().measure()
    const asked = studio.calls.length
    await useLabPace().measure()
    expect(studio.calls).toHaveLength(asked)
    useModel().info = { ...modelInfo, sha256: 'another' }
    expect(useLabPace().secondsPerEvaluation).toBeNull()
  })

  it('follows the cells that are measured', () => {
    useLabPace().note(labCell({ secondsPerPicture: 5, evaluations: 20 }))
    expect(useLabPace().secondsPerEvaluation).toBeCloseTo(0.25)
  })
})
