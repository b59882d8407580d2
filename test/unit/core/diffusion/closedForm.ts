import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import { decode, encode } from '#core/diffusion/inversion'
import type { SolverStep } from '#core/diffusion/integrate'
import type { Latent } from '#core/diffusion/latent'
import { flowMatching, type NoiseLevel } from '#core/diffusion/noiseLevel'
import { createNoiseSchedule, levelAt, type NoiseSchedule } from '#core/diffusion/noiseSchedule'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import { createTensor, type Tensor } from '#core/diffusion/tensor'

/** Data N(mean, variance) in every value: the only case in which score and ODE have closed forms. */
export const mean = 0.3
export const variance = 0.25

/**
 * epsilon(x, t) = -s grad log p_t(x), where p_t = N(a mean, a^2 variance + s^2), and a and s are signal and
 * noise.
 */
export function gaussianEpsilon(schedule: NoiseSchedule): PredictEpsilon {
  return async (x, timestep, out = createTensor(x.shape)) => {
    const { signal, noise } = levelAt(schedule, timestep)
    const scale = noise / (signal ** 2 * variance + noise ** 2)
    for (let i = 0; i < x.data.length; i++) out.data[i] = scale * (x.data[i] - signal * mean)
    return out
  }
}

/** Where the exact ODE takes a value: its distance from the mean, in standard deviations, is preserved. */
export function exactFlow(value: number, from: NoiseLevel, to: NoiseLevel): number {
  const deviation = ({ signal, noise }: NoiseLevel) => Math.sqrt(signal ** 2 * variance + noise ** 2)
  const z = (value - from.signal * mean) / deviation(from)
  return to.signal * mean + deviation(to) * z
}

/** Steps of the usual length on a grid so fine that rounding nodes to it does not affect an order. */
export const fineSchedule = createNoiseSchedule({
  num_train_timesteps: 16_000,
  beta_start: 0.0001 / 16,
  beta_end: 0.02 / 16,
  set_alpha_to_one: false,
})

/** Equally fine, for networks of flow matching and EDM: the first level stands for the clean picture. */
function fineLadder(levelOf: (u: number) => NoiseLevel): NoiseSchedule {
  const levels = Array.from({ length: 16_000 }, (_, t) => levelOf(t / 15_999))
  return { ...fineSchedule, levels, clean: levels[0] }
}

/** Noise rises linearly, from 0.01 to 0.99. */
export const flowSchedule = fineLadder((u) => flowMatching(0.01 + 0.98 * u))

/** The level of EDM and variance exploding schedules: noise is added to the unscaled picture. */
export function varianceExploding(sigma: number): NoiseLevel {
  return { signal: 1, noise: sigma }
}

/** Sigma from 0.01 to 80, linear in its seventh root (Karras et al. 2022, eq. 5). */
export const edmSchedule = fineLadder((u) =>
  varianceExploding((0.01 ** (1 / 7) + u * (80 ** (1 / 7) - 0.01 ** (1 / 7))) ** 7),
)

export const schedule = createNoiseSchedule({})

export const encodeDefaults: EncodeSettings = {
  solver: 'ddim',
  timestepSpacing: 'linear',
  steps: 20,
  conditioningTimestep: 'current',
}
export const decodeDefaults: DecodeSettings = {
  solver: 'ddim',
  timestepSpacing: 'linear',
  steps: 20,
  eta: 0,
  sigmaHat: false,
  seed: 0,
  clip: false,
}

/** A few values as a batch of one-value pictures. */
export function batchOf(values: readonly number[]): Tensor {
  return createTensor([values.length, 1, 1, 1], Float32Array.from(values))
}

/** Runs a trajectory to its end and returns its result. */
export async function finish<Result>(trajectory: AsyncGenerator<SolverStep, Result>): Promise<Result> {
  for (;;) {
    const next = await trajectory.next()
    if (next.done) return next.value
  }
}

export function encodeAll(
  x0: Tensor,
  settings: Partial<EncodeSettings>,
  on = schedule,
  predictEpsilon = gaussianEpsilon(on),
): Promise<Latent> {
  return finish(encode(x0, { schedule: on, settings: { ...encodeDefaults, ...settings }, predictEpsilon }))
}

export function decodeAll(
  latent: Latent,
  settings: Partial<DecodeSettings>,
  on = schedule,
  predictEpsilon = gaussianEpsilon(on),
  noiseItems = Array<number>(latent.x.shape[0]).fill(0),
): Promise<Tensor> {
  const trajectory = {
    schedule: on,
    settings: { ...decodeDefaults, ...settings },
    predictEpsilon,
    noiseItems,
  }
  return finish(decode(latent, trajectory))
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, index) => Math.abs(value - b[index])))
}
