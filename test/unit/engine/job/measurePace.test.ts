import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createTensor } from '#core/diffusion/tensor'
import { measurePace } from '#engine/job/measurePace'
import type { Job } from '#engine/job/Job'
import { jobOn } from '../../../fixtures/job'
import { goldenRoot } from '../../../fixtures/modelCopy'

let job: Job
afterEach(() => job.model.close())

/** Opens a model, and counts the pictures that its network evaluates. */
async function open(path: string): Promise<{ evaluated: number[] }> {
  const evaluated: number[] = []
  job = await jobOn(path, { onEvaluation: (pictures) => evaluated.push(pictures) })
  return { evaluated }
}

describe('measurePace', () => {
  it('tries the network twice, alone and in the batch of a film, since the first time also opens it', async () => {
    const { evaluated } = await open(join(goldenRoot, 'one-layer'))
    const pace = await measurePace(job)
    expect(job.model.batch).toBe(8)
    expect(evaluated).toEqual([1, 1, 8, 8])
    expect(pace.secondsPerEvaluation).toBeGreaterThan(0)
    expect(pace.secondsPerBatchedEvaluation).toBeGreaterThan(0)
    expect(pace.secondsPerDecoding).toBe(0)
  })

  it('tries nothing that earlier work has shown (would catch minutes of waiting for a large model)', async () => {
    const { evaluated } = await open(join(goldenRoot, 'one-layer'))
    const { predictEpsilon } = job.trajectory()
    for (const items of [1, 1, 8, 8]) {
      await predictEpsilon(createTensor([items, ...job.model.space.stateShape]), 500)
    }
    evaluated.length = 0
    const pace = await measurePace(job)
    expect(evaluated).toEqual([])
    expect(pace).toEqual(await measurePace(job))
  })

  it.each(['../latent/kl', '../text/sd1', 'class-conditional'])(
    'gives a network what it is conditioned on, and times its decoder: %s',
    async (name) => {
      const { evaluated } = await open(join(goldenRoot, name))
      const { secondsPerDecoding } = await measurePace(job)
      expect(evaluated.slice(0, 2)).toEqual([1, 1])
      if (job.model.space.isLossless) expect(secondsPerDecoding).toBe(0)
      else expect(secondsPerDecoding).toBeGreaterThan(0)
    },
  )
})
