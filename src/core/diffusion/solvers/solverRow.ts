import type { DiffusersLayout } from '../timestepSpacings/timestepSpacingRow'
import type { ConditioningTimestep, Point } from '../path'
import type { PredictEpsilon } from '../prediction'
import type { Noise } from './ddim'
import type { Visited } from './leapfrog'
import type { Solver } from './solver'

/**
 * A count that depends on the number of steps, and on the timestep of the clean picture: where that is -1, the
 * network cannot be evaluated at the picture itself.
 */
export type StepCount = (steps: number, cleanTimestep: number) => number

/** What a solver is created with besides the network. */
export interface SolverOptions {
  /** Number of steps of the whole trajectory, each way. */
  readonly steps: number
  /**
   * Whether the timesteps are diffusers'. A solver that diffusers has then computes exactly as its scheduler
   * does there by default, except that the model's schedule decides whether the picture is the state of
   * timestep 0, for every solver alike. diffusers' DPM-Solver ignores `set_alpha_to_one`: it takes its own
   * `final_sigmas_type`, so with the configuration of a PNDM model it ends without noise.
   *
   * That is decoding. PLMS has no inverse in diffusers, and DPM-Solver++ 2M encodes as its inverse scheduler only on
   * `linspace`: on `leading`, theirs takes its last step to the noisiest timestep of all, and on `trailing` it shows
   * the network the timestep that a step leads to.
   */
  readonly asDiffusers: boolean
  /** Returns the point at a timestep, which may be fractional for solvers that evaluate between timesteps. */
  readonly pointAt: (timestep: number) => Point
  /** For solvers that draw noise. */
  readonly noise?: Noise
  /** The state before the first, if a latent is the pair of both. */
  readonly before?: Visited
}

/** Everything the application knows about one solver: a row of the registry. */
export interface SolverRow {
  /** Its name on the command line and in files. */
  readonly id: string
  /** Its full display name. */
  readonly title: string
  /** Its short display name, for where many are listed. */
  readonly shortName: string
  /** What it is for, in one or two sentences. */
  readonly help: string
  /** Order of convergence on timesteps that suit it: halving the step length divides the error by 2^order. */
  readonly order: number
  /** Network evaluations (NFE) per picture; for a pair, of decoding one that was encoded alike. */
  readonly nfe: { readonly encode: StepCount; readonly decode: StepCount }
  /** Whether it can draw noise while decoding. */
  readonly stochastic: boolean
  /** Which timesteps the network may be shown while encoding. */
  readonly conditioningTimesteps: readonly ConditioningTimestep[]
  readonly leastSteps: number
  /** Whether a latent is a pair of neighbouring states, which makes it exactly reversible but bad to mix. */
  readonly isPair: boolean
  readonly diffusersLayout: DiffusersLayout
  /** Its colour in every chart, on light and on dark backgrounds, as #rrggbb. */
  readonly colour: { readonly light: string; readonly dark: string }
  /** Creates the solver for a new trajectory. */
  readonly create: (predictEpsilon: PredictEpsilon, options: SolverOptions) => Solver
}
