import { solverOf } from './solvers/registry'
import type { StepCount } from './solvers/solverRow'
import type { DecodeSettings, TrajectorySettings } from './settings'

type Costed = Readonly<Pick<TrajectorySettings, 'solver' | 'steps'>>

/** Returns the network evaluations for one picture in each direction. */
export function nfe({ solver, steps }: Costed): {
  encode: number
  decode: number
} {
  const at = ({ perStep, constant }: StepCount) => perStep * steps + constant
  const { encode, decode } = solverOf(solver).nfe
  return { encode: at(encode), decode: at(decode) }
}

/**
 * Returns the network evaluations for decoding one latent. Guidance evaluates the network for both of its
 * prompts, so every step takes twice as many.
 *
 * @param isLed  whether the latent's two prompts differ; guidance has no effect otherwise
 */
export function decodeNfe(settings: Costed & Pick<DecodeSettings, 'guidance'>, isLed: boolean): number {
  const { decode } = nfe(settings)
  return isLed && (settings.guidance ?? 1) !== 1 ? 2 * decode : decode
}

/** Returns the network evaluations for encoding and decoding one picture. */
export function roundTripNfe(settings: Costed): number {
  const { encode, decode } = nfe(settings)
  return encode + decode
}
