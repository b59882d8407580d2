import { expect, it } from 'vitest'
import { createNoiseSchedule } from '#core/diffusion/noiseSchedule'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import { createTensor } from '#core/diffusion/tensor'
import { decodeAll } from '../closedForm'
import { drawLatent } from '../draws'

const cleanAtTimestep0 = createNoiseSchedule({ set_alpha_to_one: false })
const cleanBeforeTimestep0 = createNoiseSchedule({})

/** epsilon of data that is 0 everywhere, x / sqrt(1 - a): what is left of a decoded picture is its noise. */
const blackEpsilon: PredictEpsilon = async (x, timestep, out = createTensor(x.shape)) => {
  const noise = Math.sqrt(1 - cleanAtTimestep0.alphasCumprod[timestep])
  for (let i = 0; i < x.data.length; i++) out.data[i] = x.data[i] / noise
  return out
}

function standardDeviation(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}

/** sqrt(1 - alphaBar) at timestep 0, where the betas begin at 1e-4. */
const noiseOfTimestep0 = 0.01

// The timesteps at which the last step that moves ends; linspace leads from 111 to 11, and then from 0 to itself.
it.each([
  ['linear', 20, cleanAtTimestep0, noiseOfTimestep0],
  ['leading', 10, cleanAtTimestep0, noiseOfTimestep0],
  ['trailing', 7, cleanBeforeTimestep0, noiseOfTimestep0],
  ['linspace', 10, cleanAtTimestep0, Math.sqrt(1 - cleanAtTimestep0.alphasCumprod[11])],
] as const)(
  'sigmaHat leaves no more noise in a picture of %s nodes than its last point holds (would catch grain)',
  async (nodes, steps, schedule, expected) => {
    const latent = drawLatent(3)
    const timestep = nodes === 'leading' ? 900 : 999
    const settings = { nodes, steps, sigmaHat: true, seed: 1 }
    const { data } = await decodeAll({ ...latent, timestep }, settings, schedule, blackEpsilon)
    expect(standardDeviation(data)).toBeGreaterThan(0.8 * expected)
    expect(standardDeviation(data)).toBeLessThan(1.2 * expected)
  },
)

it('sigmaHat leaves none where the clean picture lies before timestep 0', async () => {
  const settings = { steps: 20, sigmaHat: true, seed: 1 }
  const { data } = await decodeAll(drawLatent(3), settings, cleanBeforeTimestep0, blackEpsilon)
  expect(standardDeviation(data)).toBeLessThan(1e-6)
})
