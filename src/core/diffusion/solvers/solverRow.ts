import type { DiffusersLayout } from '../timestepSpacings/timestepSpacingRow'
import type { ConditioningTimestep, Point } from '../path'
import type { PredictEpsilon } from '../prediction'
import type { Noise } from './ddim'
import type { Visited } from './leapfrog'
import type { Solver } from './solver'

/** A count that grows evenly with the number of steps S: `perStep` S + `constant`. */
export interface StepCount {
  readonly perStep: number
  readonly constant: number
}

/** What a trajectory is started with besides the network. */
export interface SolverOptions {
  /** How many steps the whole trajectory has, each way. */
  readonly steps: number
  /** Whether the timesteps are diffusers': a solver that diffusers has then computes exactly as it does there. */
  readonly asDiffusers: boolean
  /** The point of a timestep or of a fraction of one, for solvers that look between two timesteps. */
  readonly pointAt: (timestep: number) => Point
  /** For solvers that draw noise. */
  readonly noise?: Noise
  /** The state before the first, where a latent is a pair of both. */
  readonly before?: Visited
}

/** All that the product knows of one solver: a row of the registry. */
export interface SolverRow {
  /** Its name on the command line and in files. */
  readonly id: string
  /** Its full name for people. */
  readonly title: string
  /** Its name where many stand side by side. */
  readonly shortName: string
  /** What it is for, in one or two sentences. */
  readonly help: string
  /** Order of convergence on timesteps that suit it: halving the steps divides the error by 2^order. */
  readonly order: number
  /** Network evaluations (NFE) of one picture. */
  readonly nfe: { readonly encode: StepCount; readonly decode: StepCount }
  /** Whether it can draw noise while decoding. */
  readonly stochastic: boolean
  /** Which timesteps the network may be shown while encoding. */
  readonly conditioningTimesteps: readonly ConditioningTimestep[]
  readonly leastSteps: number
  /** Whether a latent is a pair of neighbouring states, which makes it exactly reversible and a poor thing to mix. */
  readonly isPair: boolean
  readonly diffusersLayout: DiffusersLayout
  /** Its colour in every chart, on light and on dark ground, as #rrggbb. */
  readonly colour: { readonly light: string; readonly dark: string }
  /** Starts it on a new trajectory. */
  readonly create: (predictEpsilon: PredictEpsilon, options: SolverOptions) => Solver
}
