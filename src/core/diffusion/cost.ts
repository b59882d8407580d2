import { solverOf } from './solvers/registry'
import type { DecodeSettings, TrajectorySettings } from './settings'

/** What the number of evaluations depends on. */
export interface Costed extends Readonly<Pick<TrajectorySettings, 'solver' | 'steps'>> {
  /**
   * The timestep of the clean picture in the model's schedule: required, because it is easily forgotten; pass
   * undefined while no model is open, which counts as -1: off the grid, as in most schedules.
   */
  readonly cleanTimestep: number | undefined
}

/** Returns the network evaluations for one picture in each direction. */
export function nfe({ solver, steps, cleanTimestep = -1 }: Costed): {
  encode: number
  decode: number
} {
  const { encode, decode } = solverOf(solver).nfe
  return { encode: encode(steps, cleanTimestep), decode: decode(steps, cleanTimestep) }
}

/**
 * Returns the network evaluations for decoding one latent. Guidance evaluates the network for both of its
 * prompts, so every step takes twice as many.
 *
 * @param promptsDiffer  whether the latent's two prompts differ; guidance has no effect otherwise
 */
export function decodeNfe(
  settings: Costed & Pick<DecodeSettings, 'guidance'>,
  promptsDiffer: boolean,
): number {
  const { decode } = nfe(settings)
  return promptsDiffer && (settings.guidance ?? 1) !== 1 ? 2 * decode : decode
}

/** Returns the network evaluations for encoding and decoding one picture. */
export function roundTripNfe(settings: Costed): number {
  const { encode, decode } = nfe(settings)
  return encode + decode
}

/**
 * How often a picture goes through the autoencoder of a latent model while it is encoded, decoded again and measured:
 * encoded once, decoded after its way to x_T and back, and decoded without that way, to measure the autoencoder alone.
 */
export const codingsPerRoundTrip = 3
