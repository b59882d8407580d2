import { describe, expect, it } from 'vitest'
import { encode } from '#core/diffusion/inversion'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import { createTensor, itemOf } from '#core/diffusion/tensor'
import { batchOf, decodeAll, encodeAll, encodeDefaults, largestDifference, schedule } from '../closedForm'

const settings = { ...encodeDefaults, solver: 'fixedPoint', steps: 10 } as const

/** So steep where x > 1 that the iteration diverges; gentle elsewhere. */
const halfSteep: PredictEpsilon = async (x) =>
  createTensor(
    x.shape,
    x.data.map((value) => (value > 1 ? 40 * value : 0.1 * value)),
  )

describe('fixedPoint', () => {
  it('has a round-trip error at least 20 times smaller than DDIM at equal timesteps (would catch sweeps at the wrong timestep)', async () => {
    const picture = batchOf([-0.9, -0.2, 0.35, 0.8])
    const error = async (solver: 'ddim' | 'fixedPoint') => {
      const latent = await encodeAll(picture, { solver, steps: 50 })
      return largestDifference((await decodeAll(latent, { solver, steps: 50 })).data, picture.data)
    }
    expect(await error('fixedPoint')).toBeLessThan((await error('ddim')) / 20)
  })

  it('falls back to the plain DDIM step only for items whose sweeps diverge, and counts the fallbacks', async () => {
    const run = async (values: number[]) => {
      let last = { fallbacks: 0, x: batchOf(values) }
      for await (const step of encode(batchOf(values), { schedule, settings, predictEpsilon: halfSteep }))
        last = step
      return last
    }
    const both = await run([0.2, 2])
    const gentle = await run([0.2])
    expect(gentle.fallbacks).toBe(0)
    expect(both.fallbacks).toBeGreaterThan(0)
    expect(itemOf(both.x, 0).data).toEqual(gentle.x.data)
    const plain = await encodeAll(batchOf([2]), { steps: 10 }, schedule, halfSteep)
    expect(itemOf(both.x, 1).data).toEqual(plain.x.data)
  })
})
