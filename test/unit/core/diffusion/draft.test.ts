import { describe, expect, it } from 'vitest'
import { draftTrajectory, isBlindAt } from '#core/diffusion/draft'
import { decode } from '#core/diffusion/inversion'
import { sigmaOf } from '#core/diffusion/noiseLevel'
import { createNoiseSchedule } from '#core/diffusion/noiseSchedule'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import { createTensor } from '#core/diffusion/tensor'
import {
  batchOf,
  decodeDefaults,
  exactFlow,
  finish,
  gaussianEpsilon,
  largestDifference,
  mean,
  schedule,
  variance,
} from './closedForm'

const end = schedule.numTrainTimesteps - 1
const latent = { x: batchOf([-1.5, -0.2, 0.1, 2]), timestep: end }
const meanPicture = createTensor([1, 1, 1, 1], Float32Array.of(mean))
/** Settings that a draft must not take over. */
const settings = { ...decodeDefaults, solver: 'ddim' as const, steps: 50, eta: 0.5, sigmaHat: true }

/** Where the network was evaluated, and the result. */
async function draft(evaluations: number, withMean: boolean) {
  const asked: number[] = []
  const exact = gaussianEpsilon(schedule)
  const predictEpsilon: PredictEpsilon = (x, timestep, out) => {
    asked.push(timestep)
    return exact(x, timestep, out)
  }
  const trajectory = draftTrajectory(
    latent,
    { schedule, settings, predictEpsilon },
    { evaluations, mean: withMean ? meanPicture : null },
  )
  return { asked, x0: await finish(decode(latent, trajectory)) }
}

describe('a draft', () => {
  it.each([1, 3, 8])(
    'evaluates the network exactly %d times, with or without the mean picture',
    async (count) => {
      for (const withMean of [true, false]) expect((await draft(count, withMean)).asked).toHaveLength(count)
    },
  )

  it('skips the blind first evaluation when given the mean picture (would catch a mean picture that saves no evaluation)', async () => {
    expect((await draft(4, true)).asked).not.toContain(end)
    expect((await draft(4, false)).asked[0]).toBe(end)
  })

  it.each([
    [4, 1, 0.1],
    [8, 0.5, 0.03],
    [16, 0.25, 0.005],
  ])(
    'of %d evaluations follows the ODE down to sigma %d and predicts x0 from there (would catch timesteps that stop at another sigma)',
    async (count, sigma, tolerance) => {
      const cleanest = schedule.levels.findIndex((level) => sigmaOf(level) > sigma)
      const { signal, noise } = schedule.levels[cleanest]
      // The posterior mean of a Gaussian picture seen under this noise.
      const expected = Array.from(latent.x.data, (value) => {
        const x = exactFlow(value, schedule.levels[end], schedule.levels[cleanest]) / signal
        return mean + (variance / (variance + (noise / signal) ** 2)) * (x - mean)
      })
      expect(largestDifference((await draft(count, true)).x0.data, expected)).toBeLessThan(tolerance)
    },
  )

  it('gives almost the same result with the mean picture as with an evaluation in its place', async () => {
    const predictEpsilon = gaussianEpsilon(schedule)
    const trajectory = draftTrajectory(
      latent,
      { schedule, settings, predictEpsilon },
      { evaluations: 4, mean: meanPicture },
    )
    const paid = await finish(decode(latent, { ...trajectory, predictEpsilon }))
    expect(largestDifference((await draft(4, true)).x0.data, paid.data)).toBeLessThan(1e-3)
  })

  it('fits its steps to a schedule of few timesteps (would catch more steps than timesteps)', async () => {
    const short = createNoiseSchedule({ num_train_timesteps: 5 })
    const predictEpsilon = gaussianEpsilon(short)
    const few = { x: latent.x, timestep: 4 }
    const trajectory = draftTrajectory(
      few,
      { schedule: short, settings, predictEpsilon },
      { evaluations: 8, mean: null },
    )
    expect(trajectory.settings.steps).toBe(5)
    expect((await finish(decode(few, trajectory))).data.every(Number.isFinite)).toBe(true)
  })
})

it('isBlindAt is true where noise is over a hundred times the signal, and false below', () => {
  expect(sigmaOf(schedule.levels[end])).toBeGreaterThan(150)
  expect(isBlindAt(schedule, end)).toBe(true)
  expect(sigmaOf(schedule.levels[800])).toBeLessThan(100)
  expect(isBlindAt(schedule, 800)).toBe(false)
})
