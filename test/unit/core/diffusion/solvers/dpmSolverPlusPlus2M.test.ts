import { describe, expect, it } from 'vitest'
import { createNoiseSchedule } from '#core/diffusion/noiseSchedule'
import { batchOf, encodeAll, exactFlow, largestDifference } from '../closedForm'

const pictures = batchOf([-0.9, -0.2, 0.35, 0.8])

describe('DPM-Solver++ 2M on trailing timesteps that begin at the picture, timestep 0', () => {
  it.each([
    [10, [6, 7, 8, 9]],
    [50, [33, 34, 40, 49]],
  ])(
    'of %i reaches the exact latent (would catch NaN after a step from timestep 0 to itself)',
    async (T, counts) => {
      const on = createNoiseSchedule({ num_train_timesteps: T, set_alpha_to_one: false })
      for (const steps of counts) {
        const settings = { solver: 'dpm++2m', timestepSpacing: 'trailing', steps } as const
        const { x, timestep } = await encodeAll(pictures, settings, on)
        expect(timestep).toBe(T - 1)
        const exact = [...pictures.data].map((value) => exactFlow(value, on.levels[0], on.levels[T - 1]))
        expect(largestDifference(x.data, exact)).toBeLessThan(0.05)
      }
    },
  )
})
