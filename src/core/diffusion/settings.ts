import type { ConditioningTimestep } from './path'
import type { SolverId } from './solvers/registry'
import type { TimestepSpacing } from './timestepSpacings/registry'

/** How a state is carried along a trajectory, in either direction. */
export interface TrajectorySettings {
  solver: SolverId
  timestepSpacing: TimestepSpacing
  /** Number of timesteps visited, at least 1. */
  steps: number
  /** The timesteps by hand, ascending, as many as steps: for a spacing that takes them. */
  timesteps?: readonly number[] | undefined
}

/** One trajectory there and back; `eta` concerns the way back only. */
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

/** The reversed ODE, x0 -> xT. */
export interface EncodeSettings extends TrajectorySettings {
  conditioningTimestep: ConditioningTimestep
  /** Left out, the inversion follows the ODE all the way. */
  loosen?: Loosening | undefined
  /** The timestep encoded to; the spacing's own last one, by default the last with sigma at most 160, when left out. */
  endTimestep?: number | undefined
}

/** The way back, xT -> x0. */
export interface DecodeSettings extends SolverSettings {
  /** Whether noise is the larger one of appendix D.3. */
  sigmaHat: boolean
  /** Seed of the noise, which only eta > 0 and `sigmaHat` draw. */
  seed: number
  /** Whether the predicted x0 is clipped. */
  clip: boolean
  /** How far from the source prompt to the prompt and beyond; 1, the prompt itself, when left out. */
  guidance?: number | undefined
}
