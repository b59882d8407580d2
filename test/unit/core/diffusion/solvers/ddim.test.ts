import { describe, expect, it } from 'vitest'
import { createNoiseSchedule } from '#core/diffusion/noiseSchedule'
import { decodingPath } from '#core/diffusion/path'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import { ddim } from '#core/diffusion/solvers/ddim'
import { stepCoefficients } from '#core/diffusion/step'
import { createTensor, itemOf, itemsOf, type Tensor } from '#core/diffusion/tensor'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import { batchOf, decodeAll, decodeDefaults, gaussianEpsilon, schedule } from '../closedForm'
import { drawLatent, drawTensor } from '../draws'

const cleanAtTimestep0 = createNoiseSchedule({ set_alpha_to_one: false })
const cleanBeforeTimestep0 = createNoiseSchedule({})

/** epsilon of data that is 0 everywhere, x / sqrt(1 - a): a decoded picture then contains only its noise. */
const blackEpsilon: PredictEpsilon = async (x, timestep, out = createTensor(x.shape)) => {
  const noise = cleanAtTimestep0.levels[timestep].noise
  for (let i = 0; i < x.data.length; i++) out.data[i] = x.data[i] / noise
  return out
}

function standardDeviation(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}

/** sqrt(1 - alphaBar) at timestep 0, where the betas begin at 1e-4. */
const noiseOfTimestep0 = 0.01

// Where the last step that moves ends: linspace goes from 111 to 11, and then from 0 to itself.
it.each([
  ['linear', 20, cleanAtTimestep0, noiseOfTimestep0],
  ['leading', 10, cleanAtTimestep0, noiseOfTimestep0],
  ['trailing', 7, cleanBeforeTimestep0, noiseOfTimestep0],
  ['linspace', 10, cleanAtTimestep0, cleanAtTimestep0.levels[11].noise],
] as const)(
  'sigmaHat leaves only the noise of the last point in a picture decoded with %s timesteps (would catch visible grain)',
  async (timestepSpacing, steps, noiseSchedule, expected) => {
    const latent = drawLatent(3)
    const timestep = timestepSpacing === 'leading' ? 900 : 999
    const settings = { timestepSpacing, steps, sigmaHat: true, seed: 1 }
    const { data } = await decodeAll({ ...latent, timestep }, settings, noiseSchedule, blackEpsilon)
    expect(standardDeviation(data)).toBeGreaterThan(0.8 * expected)
    expect(standardDeviation(data)).toBeLessThan(1.2 * expected)
  },
)

it('sigmaHat leaves no noise when the clean picture lies before timestep 0', async () => {
  const settings = { steps: 20, sigmaHat: true, seed: 1 }
  const { data } = await decodeAll(drawLatent(3), settings, cleanBeforeTimestep0, blackEpsilon)
  expect(standardDeviation(data)).toBeLessThan(1e-6)
})

describe('DDIM noise', () => {
  const samples = [...Array(2000).keys()]
  /** One value per sample, so that the variance of the decoded values is that over samples alone. */
  const latent = { x: drawTensor(8, [samples.length, 1, 1, 1]), timestep: 999 }
  const settings = { steps: 20, eta: 1, seed: 8 }
  const decodeWith = (x: Tensor, noiseItems: number[], seed = settings.seed) =>
    decodeAll({ x, timestep: 999 }, { ...settings, seed }, schedule, gaussianEpsilon(schedule), noiseItems)

  function varianceOf(values: ArrayLike<number>): number {
    const mean = Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
    return Array.from(values).reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  }

  it('gives batched samples the same variance as separate runs (would catch noise shared between samples)', async () => {
    const together = await decodeWith(latent.x, samples)
    const apart: number[] = []
    for (const i of samples) apart.push((await decodeWith(itemOf(latent.x, i), [0], 1000 + i)).data[0])
    // 2000 draws give a variance to within 3 % (one standard deviation); shared noise leaves less than half.
    const ratio = varianceOf(together.data) / varianceOf(apart)
    expect(ratio).toBeGreaterThan(0.85)
    expect(ratio).toBeLessThan(1.15)
  })

  it('depends only on the item (would catch pictures that change with the batch or after resuming)', async () => {
    const { data } = await decodeWith(latent.x, samples)
    const rest = await decodeWith(itemsOf(latent.x, 1997, 2000), [1997, 1998, 1999])
    expect(rest.data).toEqual(data.slice(1997))
  })

  it('is uncorrelated with the x_T drawn from the same seed (would catch a first step correlated with its state)', async () => {
    const { x } = drawLatent(settings.seed, [1, 1, 64, 64])
    // With a network that predicts no noise, the first step leaves x_T, scaled, plus what the step added.
    const solver = ddim(async () => createTensor(x.shape), { ...settings, sigmaHat: false, items: [0] })
    const to = createTensor(x.shape)
    const step = decodingPath(schedule, chooseTimesteps(schedule, { ...decodeDefaults, ...settings }))[0]
    await solver.advance(x, step, to)
    const scale = stepCoefficients(step.from, step.to).x
    const noise = to.data.map((value, i) => value - scale * x.data[i])
    const covariance = noise.reduce((sum, value, i) => sum + value * x.data[i], 0) / noise.length
    expect(Math.abs(covariance) / Math.sqrt(varianceOf(noise))).toBeLessThan(0.06)
  })

  it('is shared by all frames of a film: equal latents give equal frames', async () => {
    const film = { x: batchOf([0.5, 0.5, -1]), timestep: 999 }
    const { data } = await decodeAll(film, settings)
    expect(data[0]).toBe(data[1])
  })

  it('is refused without a key for each item', async () => {
    const run = decodeWith(latent.x, [])
    await expect(run).rejects.toThrow('keyed to 0 items, not to 2000')
  })
})
