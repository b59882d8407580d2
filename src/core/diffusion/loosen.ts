import { createKeyedGaussian } from '../random/gaussian'
import type { PathStep } from './path'
import type { Loosening } from './settings'
import { createTensor, sizeOf, type Tensor } from './tensor'

/** Where an inversion starts: a state, and the remaining steps from it. */
export interface EncodingStart {
  readonly x: Tensor
  readonly path: readonly PathStep[]
}

const isReplaced = (timestep: number, percent: number, trainTimesteps: number): boolean =>
  timestep < (percent / 100) * trainTimesteps

/**
 * Returns a sentence saying that a loosening does not replace even the first step of an inversion; null if it
 * does, or if there is no loosening.
 *
 * @param timesteps  those that the inversion visits, ascending
 * @param trainTimesteps  number of training timesteps
 */
export function warnOfLoosening(
  loosening: Loosening | undefined,
  timesteps: readonly number[],
  trainTimesteps: number,
): string | null {
  const [first] = timesteps
  if (!loosening || first === undefined || isReplaced(first, loosening.percent, trainTimesteps)) return null
  const share = Number(((100 * first) / trainTimesteps).toFixed(1))
  return `Loosening by ${loosening.percent}% changes nothing: the first step already goes ${share}% of the way. Take more steps, or loosen by more than that.`
}

/**
 * Replaces the first steps of an inversion with forward noise, x_t = signal x0 + noise epsilon with a seeded
 * epsilon (Staniszewski et al., "There and back again: on the relation between noise and image inversions in
 * diffusion models", 2025), because it is in the first steps that structure of the picture gets into its
 * latent. The latent is then closer to Gaussian noise and mixes better; its reconstruction differs from the
 * picture in what the noise covered.
 *
 * Every item of a batch gets the same noise, so that a latent does not depend on the rest of its batch.
 *
 * @param x0  [N, C, H, W]; never changed
 * @param trainTimesteps  number of training timesteps
 */
export function loosen(
  x0: Tensor,
  path: readonly PathStep[],
  { percent, seed }: Loosening,
  trainTimesteps: number,
): EncodingStart {
  const replaced = path.filter(({ to }) => isReplaced(to.timestep, percent, trainTimesteps)).length
  if (replaced === 0) return { x: x0, path }
  const { signal, noise } = path[replaced - 1].to
  const [count, ...itemShape] = x0.shape
  const epsilon = new Float32Array(sizeOf(itemShape))
  createKeyedGaussian([seed, 0]).fill(epsilon)
  const x = createTensor([count, ...itemShape])
  for (let i = 0; i < x.data.length; i++) {
    x.data[i] = signal * x0.data[i] + noise * epsilon[i % epsilon.length]
  }
  return { x, path: path.slice(replaced) }
}
