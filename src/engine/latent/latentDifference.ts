import { StudioError } from '#shared/errors'
import { readLatentFile } from './latentFile'

/**
 * Returns the largest difference between two latent files, in standard deviations of the reference.
 *
 * @throws StudioError MODEL_MISMATCH if their shapes differ; as readLatentFile
 */
export async function latentDifference(reference: string, other: string): Promise<number> {
  const [a, b] = await Promise.all(
    [reference, other].map(async (path) => (await readLatentFile(path)).x),
  )
  if (a.shape.join() !== b.shape.join()) {
    throw new StudioError(
      'MODEL_MISMATCH',
      `"${reference}" and "${other}" are latents of different shapes: choose two of the same model.`,
    )
  }
  return relativeDifference(a.data, b.data)
}

/** max |a - b| over the standard deviation of a. */
export function relativeDifference(a: Float32Array, b: Float32Array): number {
  const mean = a.reduce((sum, value) => sum + value, 0) / a.length
  const variance = a.reduce((sum, value) => sum + (value - mean) ** 2, 0) / a.length
  const largest = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
  return largest / Math.sqrt(variance)
}
