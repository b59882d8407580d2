import { describe, expect, it } from 'vitest'
import { createGaussian } from '#core/random/gaussian'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import { createTensor } from '#core/diffusion/tensor'
import { batchOf, decodeAll, encodeAll, gaussianEpsilon, largestDifference, schedule } from '../closedForm'

/** Far from any score, but deterministic. */
const wild: PredictEpsilon = async (x, timestep) =>
  createTensor(
    x.shape,
    x.data.map((value) => Math.sin(value + timestep)),
  )

const picture = createTensor([2, 3, 4, 4])
createGaussian(1).fill(picture.data)
picture.data.forEach((value, index) => (picture.data[index] = Math.max(-1, Math.min(1, value / 2))))

describe('leapfrog', () => {
  it.each([
    ['a Gaussian score', gaussianEpsilon(schedule)],
    ['a network that makes no sense', wild],
  ])('recovers the picture, rounded to 2^-18, with %s', async (_, predictEpsilon) => {
    for (const [nodes, steps] of [
      ['logSnr', 10],
      ['linear', 50],
      ['quadratic', 200],
    ] as const) {
      const settings = { solver: 'leapfrog', nodes, steps } as const
      const latent = await encodeAll(picture, settings, schedule, predictEpsilon)
      const back = await decodeAll(latent, settings, schedule, predictEpsilon)
      const meanSquaredError =
        back.data.reduce((sum, value, i) => sum + (value - picture.data[i]) ** 2, 0) / back.data.length
      expect(meanSquaredError).toBeLessThan(1e-11)
      expect(largestDifference(back.data, picture.data)).toBeLessThanOrEqual(2 ** -19)
      expect([...back.data].every((value) => Number.isInteger(value * 2 ** 18))).toBe(true)
    }
  })

  it('takes one evaluation per step, and one fewer for decoding (would catch recomputing the pair)', async () => {
    let evaluations = 0
    const counted: PredictEpsilon = (...call) => {
      evaluations++
      return gaussianEpsilon(schedule)(...call)
    }
    const settings = { solver: 'leapfrog', timestepSpacing: 'logSnr', steps: 10 } as const
    const latent = await encodeAll(picture, settings, schedule, counted)
    expect(evaluations).toBe(10)
    expect(latent.previousState?.timestep).toBeLessThan(latent.timestep)
    await decodeAll(latent, settings, schedule, counted)
    expect(evaluations).toBe(19)
  })

  it('decodes a latent on different timesteps, with or without its previous state', async () => {
    const latent = await encodeAll(batchOf([-0.5, 0.6]), {
      solver: 'leapfrog',
      timestepSpacing: 'logSnr',
      steps: 100,
    })
    for (const pair of [latent, { x: latent.x, timestep: latent.timestep }]) {
      const back = await decodeAll(pair, { solver: 'leapfrog', timestepSpacing: 'logSnr', steps: 90 })
      expect(largestDifference(back.data, [-0.5, 0.6])).toBeLessThan(0.02)
    }
  })
})
