import type { ConditioningTimestep } from './path'
import type { SolverId } from './solvers/registry'
import type { TimestepSpacing } from './timestepSpacings/registry'

/** The settings of a trajectory in either direction. */
export interface TrajectorySettings {
  solver: SolverId
  timestepSpacing: TimestepSpacing
  /** Number of timesteps visited, at least 1. */
  steps: number
  /** An explicit list of timesteps, ascending, as many as steps, for a spacing that takes one. */
  timesteps?: readonly number[] | undefined
}

/** The settings of a round trip; `eta` applies to decoding only. */
export interface SolverSettings extends TrajectorySettings {
  /** How random decoding is: 0 is DDIM, 1 is DDPM (paper, eq. 16). */
  eta: number
}

/** How an inversion is loosened: its first timesteps are replaced by forward noise. See `loosen`. */
export interface Loosening {
  /** Share of the training timesteps, in percent. */
  percent: number
  /** Seed of the noise. */
  seed: number
}

/** The settings of encoding, the reversed ODE x0 -> xT. */
export interface EncodeSettings extends TrajectorySettings {
  conditioningTimestep: ConditioningTimestep
  /** If omitted, the inversion follows the ODE all the way. */
  loosen?: Loosening | undefined
  /**
   * The timestep to encode to. If omitted, it is the one at which the spacing ends: the last with sigma at
   * most 160 if its end is free.
   */
  endTimestep?: number | undefined
}

/** The settings of decoding, xT -> x0. */
export interface DecodeSettings extends SolverSettings {
  /** Whether to use the larger noise of appendix D.3. */
  sigmaHat: boolean
  /** Seed of the noise, which is drawn only with eta > 0 or `sigmaHat`. */
  seed: number
  /** Whether the predicted x0 is clipped. */
  clip: boolean
  /** How far to go from the source prompt to the prompt, or beyond it; 1, the prompt itself, if omitted. */
  guidance?: number | undefined
}
