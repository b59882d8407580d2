import { describe, expect, it } from 'vitest'
import { encode } from '#core/diffusion/inversion'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import {
  batchOf,
  decodeAll,
  encodeAll,
  encodeDefaults,
  fineSchedule,
  gaussianEpsilon,
  mean,
} from '../closedForm'

const schedule = fineSchedule
const settings = (steps: number, solver: '2m' | 'blended2m' | 'ddim' = 'blended2m') =>
  ({ ...encodeDefaults, solver, timestepSpacing: 'logSnr', steps }) as const

async function expectedErrors(x0: Tensor, steps: number, predictEpsilon = gaussianEpsilon(schedule)) {
  let expected: readonly number[] | undefined
  for await (const step of encode(x0, { schedule, settings: settings(steps), predictEpsilon })) {
    expected = step.expectedError
  }
  return expected!
}

async function trueErrors(x0: Tensor, steps: number): Promise<number[]> {
  const latent = await encodeAll(x0, settings(steps), schedule)
  const back = await decodeAll(latent, settings(steps), schedule)
  return Array.from(back.data, (value, i) => (value - x0.data[i]) ** 2 / 4)
}

describe('the round-trip error that an encoding estimates', () => {
  const pictures = batchOf([-0.9, -0.2, 0.8])

  it('is proportional to the true error across pictures (would catch mixed-up batch items)', async () => {
    const [expected, truth] = [await expectedErrors(pictures, 20), await trueErrors(pictures, 20)]
    const ratios = expected.map((value, i) => value / truth[i])
    for (const ratio of ratios) expect(ratio / ratios[0]).toBeCloseTo(1, 1)
  })

  it('falls with the seventh power of the number of steps for a smooth epsilon (would catch a finite difference of lower order)', async () => {
    const [coarse, fine] = [await expectedErrors(pictures, 40), await expectedErrors(pictures, 80)]
    const slope = Math.log2(coarse[0] / fine[0])
    // A third difference times a step is of fourth order; squared and summed over S steps, that is S^-8 S.
    expect(Math.abs(slope - 7)).toBeLessThan(0.3)
  })

  it('is the same for a picture alone as in a batch', async () => {
    const [together, alone] = [
      await expectedErrors(pictures, 10),
      await expectedErrors(batchOf([pictures.data[2]]), 10),
    ]
    expect(together[2]).toBe(alone[0])
  })

  it('is almost 0 for a picture at the mean and for a constant epsilon', async () => {
    const constant: PredictEpsilon = async (x) => createTensor(x.shape, x.data.slice().fill(0.7))
    expect((await expectedErrors(batchOf([mean]), 10))[0]).toBeLessThan(1e-12)
    expect((await expectedErrors(pictures, 10, constant))[0]).toBeLessThan(1e-9)
  })

  it('is undefined for a solver that does not estimate it, such as DDIM', async () => {
    const trajectory = { schedule, settings: settings(10, 'ddim'), predictEpsilon: gaussianEpsilon(schedule) }
    for await (const step of encode(pictures, trajectory)) expect(step.expectedError).toBeUndefined()
  })
})
