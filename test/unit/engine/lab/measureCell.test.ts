import { describe, expect, it } from 'vitest'
import type { SolverSettings } from '#core/diffusion/settings'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import { createTensor } from '#core/diffusion/tensor'
import { measureCell, splitEvenly } from '#engine/lab/measureCell'
import { jobOfPredictor } from '../../../fixtures/job'
import { gaussianEpsilon, mean, schedule, variance } from '../../core/diffusion/closedForm'

const settings: SolverSettings = { solver: 'ddim', timestepSpacing: 'linear', steps: 10, eta: 0 }
const pictures = [-0.5, 0.1, 0.3, 0.6, 0.8].map((value) =>
  createTensor([1, 1, 2, 2], Float32Array.of(value, -value, value / 2, 0)),
)

const jobOf = (predictEpsilon: PredictEpsilon) =>
  jobOfPredictor(schedule, predictEpsilon, { shape: [1, 2, 2] })

/** The closed-form network, with the batch sizes it was called with. */
function watched(): { predictEpsilon: PredictEpsilon; batches: Set<number> } {
  const batches = new Set<number>()
  const predict = gaussianEpsilon(schedule)
  return {
    batches,
    predictEpsilon(x, timestep, out) {
      batches.add(x.shape[0])
      return predict(x, timestep, out)
    },
  }
}

describe('measureCell', () => {
  it('evaluates pictures in batches, because one by one would be several times slower', async () => {
    const { predictEpsilon, batches } = watched()
    await measureCell(settings, pictures, { batch: 3 }, jobOf(predictEpsilon))
    expect([...batches].sort()).toEqual([2, 3])
  })

  it('returns each picture’s own metrics, in order, whatever the batch size', async () => {
    const job = jobOf(gaussianEpsilon(schedule))
    const together = await measureCell(settings, pictures, { batch: 4 }, job)
    for (const [i, picture] of pictures.entries()) {
      const alone = await measureCell(settings, [picture], { batch: 1 }, job)
      expect(together.measurements[i]).toEqual(alone.measurements[0])
    }
  })

  it('draws each picture’s noise by its index in the study (would catch noise that changes with the batch size)', async () => {
    const job = jobOf(gaussianEpsilon(schedule))
    const noisy = { ...settings, eta: 1 }
    const twice = [pictures[0], pictures[0], pictures[0]]
    const [one, three] = await Promise.all([1, 3].map((batch) => measureCell(noisy, twice, { batch }, job)))
    expect(one.measurements).toEqual(three.measurements)
    expect(new Set(three.measurements.map(({ mse }) => mse)).size).toBe(3)
  })

  it('converges to the latent mean of the exact flow with many steps', async () => {
    const job = jobOf(gaussianEpsilon(schedule))
    const fine = { ...settings, solver: '2m', timestepSpacing: 'karras', steps: 200 } as const
    const [{ mean: latentMean }] = (await measureCell(fine, [pictures[3]], { batch: 1 }, job)).measurements
    // At T-1 all that is left of a value is its distance from the mean, in standard deviations.
    const distances = [...pictures[3].data].map((value) => (value - mean) / Math.sqrt(variance))
    expect(latentMean).toBeCloseTo(distances.reduce((a, b) => a + b) / 4, 2)
  })

  it('encodes up to the study’s end timestep, and clips only when the study clips', async () => {
    const seen = new Set<number>()
    const exact = gaussianEpsilon(schedule)
    const predictEpsilon: PredictEpsilon = (x, timestep, out) => {
      seen.add(timestep)
      return exact(x, timestep, out)
    }
    await measureCell(settings, [pictures[0]], { batch: 1, endTimestep: 500 }, jobOf(predictEpsilon))
    expect(Math.max(...seen)).toBe(500)
    const narrow = jobOfPredictor({ ...schedule, clipRange: 0.1 }, predictEpsilon, { shape: [1, 2, 2] })
    const [clipped, free] = await Promise.all(
      [true, false].map((clip) => measureCell(settings, [pictures[4]], { batch: 1, clip }, narrow)),
    )
    // Clipping removes everything above 0.1, and the picture contains 0.8, -0.8 and 0.4.
    expect(clipped.measurements[0].mse).toBeGreaterThan((2 * 0.7 ** 2 + 0.3 ** 2) / 4 / 4.5)
    expect(free.measurements[0].mse).toBeLessThan(0.02)
  })

  it('adds up the fallbacks of all batches', async () => {
    const steep: PredictEpsilon = async (x) =>
      createTensor(
        x.shape,
        x.data.map((value) => 40 * Math.sin(90 * value)),
      )
    const diverging = { ...settings, solver: 'fixedPoint', steps: 3 } as const
    const count = async (batch: number) =>
      (await measureCell(diverging, pictures, { batch }, jobOf(steep))).fallbacks
    expect(await count(1)).toBeGreaterThan(0)
    expect(await count(3)).toBe(await count(1))
  })
})

describe('splitEvenly', () => {
  it.each([
    [11, 8, [5, 6]],
    [8, 8, [8]],
    [9, 4, [3, 3, 3]],
    [1, 256, [1]],
  ])('splits %i items into groups of at most %i: %j', (count, largest, sizes) => {
    const items = Array.from({ length: count }, (_, i) => i)
    const groups = splitEvenly(items, largest)
    expect(groups.map(({ length }) => length)).toEqual(sizes)
    expect(groups.flat()).toEqual(items)
  })
})
