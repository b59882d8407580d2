import { solverOf } from './solvers/registry'
import type { StepCount } from './solvers/solverRow'
import type { TrajectorySettings } from './settings'

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

/** Returns the network evaluations for encoding and decoding one picture. */
export function roundTripNfe(settings: Costed): number {
  const { encode, decode } = nfe(settings)
  return encode + decode
}
