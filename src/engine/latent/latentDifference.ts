import type { Latent } from '#core/diffusion/latent'
import { centralMoments } from '#core/diffusion/latentStatistics'
import { StudioError } from '#shared/errors'
import { readLatentFile } from './latentFile'

/**
 * Returns the difference between two latent files, as {@link differenceOf}.
 *
 * @throws StudioError MODEL_MISMATCH if their shapes differ; as readLatentFile
 */
export async function latentDifference(reference: string, other: string): Promise<number> {
  const [a, b] = await Promise.all([reference, other].map(readLatentFile))
  if (a.x.shape.join() !== b.x.shape.join()) {
    throw new StudioError(
      'MODEL_MISMATCH',
      `"${reference}" and "${other}" are latents of different shapes: choose two of the same model.`,
    )
  }
  return differenceOf(a, b)
}

/** The states of a latent. */
type States = Pick<Latent, 'x' | 'previousState'>

/**
 * Returns the largest difference between two latents of one shape in standard deviations of the first, over both
 * states of a leapfrog pair. Infinity if only one of them has a previous state.
 */
export function differenceOf(a: States, b: States): number {
  const differences = [largestDifferenceInStd(a.x.data, b.x.data)]
  if (a.previousState && b.previousState) {
    differences.push(largestDifferenceInStd(a.previousState.x.data, b.previousState.x.data))
  } else if (a.previousState || b.previousState) {
    differences.push(Infinity)
  }
  return Math.max(...differences)
}

/** Returns max |a - b| over the standard deviation of a. */
export function largestDifferenceInStd(a: Float32Array, b: Float32Array): number {
  const largest = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
  return largest / Math.sqrt(centralMoments(a).variance)
}
