import { describe, expect, it, vi } from 'vitest'
import type { SolverSettings } from '#core/diffusion/settings'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { codePictures } from '#engine/lab/codePictures'
import { measureCell } from '#engine/lab/measureCell'
import { jobOfPredictor } from '../../../fixtures/job'
import { playedSpace } from '../../../fixtures/playedSpace'
import { gaussianEpsilon, mean, schedule, variance } from '../../core/diffusion/closedForm'

const settings: SolverSettings = { solver: 'ddim', timestepSpacing: 'linear', steps: 10, eta: 0 }
const pictures = [-0.5, 0.1, 0.3, 0.6, 0.8].map((value) => {
  const picture = createTensor([1, 1, 2, 2], Float32Array.of(value, -value, value / 2, 0))
  return { picture, x0: picture, autoencoded: null }
})

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
    const distances = [...pictures[3].picture.data].map((value) => (value - mean) / Math.sqrt(variance))
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

describe('measureCell with an autoencoder', () => {
  const space = playedSpace([1, 2, 2])
  const job = jobOfPredictor(schedule, gaussianEpsilon(schedule), { shape: [1, 2, 2], space })
  const seen = pictures.map(({ picture }) => picture)

  it('tells the error of the autoencoder alone from that of the inversion', async () => {
    const coded = await codePictures(seen, 2, job)
    const { measurements } = await measureCell({ ...settings, steps: 200 }, coded, { batch: 2 }, job)
    // The played autoencoder brightens by 0.1 on [-1, 1], and on [0, 1] by half of that.
    for (const { autoencoderMse } of measurements) expect(autoencoderMse).toBeCloseTo(0.05 ** 2, 6)
    for (const { inversionMse } of measurements) expect(inversionMse).toBeLessThan(0.05 ** 2 / 10)
  })

  it('measures the same whether autoencoded pictures are kept or decoded again', async () => {
    const [kept, again] = [await codePictures(seen, 2, job), await codePictures(seen, 2, job, 0)]
    expect(again.map(({ autoencoded }) => autoencoded)).toEqual(seen.map(() => null))
    const measured = await Promise.all(
      [kept, again].map((coded) => measureCell(settings, coded, { batch: 2 }, job)),
    )
    expect(measured[1].measurements).toEqual(measured[0].measurements)
  })

  it('takes the time of the way to x_T and back to a picture, and of nothing else (would catch an autoencoder billed to the solver)', async () => {
    let clock = 0
    const now = vi.spyOn(performance, 'now').mockImplementation(() => clock)
    const exact = gaussianEpsilon(schedule)
    const slow: PredictEpsilon = (x, timestep, out) => {
      clock += 1000
      return exact(x, timestep, out)
    }
    const slowSpace = {
      ...space,
      decode: (states: Tensor) => {
        clock += 100_000
        return space.decode(states)
      },
    }
    const slowJob = jobOfPredictor(schedule, slow, { shape: [1, 2, 2], space: slowSpace })
    // Decoding again what is not kept takes another 100 s for each batch.
    const coded = await codePictures(seen, 5, slowJob, 0)
    const { seconds } = await measureCell(settings, coded, { batch: 5 }, slowJob)
    now.mockRestore()
    // Ten evaluations each way, and one decoding.
    expect(seconds).toBe(10 + 10 + 100)
  })
})
