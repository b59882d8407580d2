import type { NoiseSchedule } from '../noiseSchedule'

/**
 * How diffusers' scheduler of a solver lays out its timesteps: DDIM and PNDM step a `fixedStride`, DPM-Solver lays out
 * an `extraTimestep`; for a solver without any of this, or that diffusers does not have, `none`.
 */
export type DiffusersLayout = 'fixedStride' | 'extraTimestep' | 'none'

/** What timesteps are wanted. */
export interface SpacingRequest {
  readonly schedule: NoiseSchedule
  readonly steps: number
  /** Timesteps by hand: given to every row that takes them. */
  readonly listed?: readonly number[] | undefined
  /** The last timestep, where the spacing's end is free. */
  readonly endTimestep: number
  /** How diffusers lays out the timesteps of the solver that will walk them. */
  readonly diffusersLayout: DiffusersLayout
}

/** All that the product knows of one timestep spacing: a row of the registry. */
export interface TimestepSpacingRow {
  /** Its name on the command line and in files. */
  readonly id: string
  /** Its name for people. */
  readonly title: string
  /** Where it puts the steps, in one or two sentences. */
  readonly help: string
  /** Whether it is one of diffusers', with everything that makes a trajectory on it diffusers' own. */
  readonly isDiffusers: boolean
  /** Whether it ends at any timestep that is asked for. */
  readonly hasFreeEnd: boolean
  /** Whether it takes a list of timesteps by hand, and does nothing without one. */
  readonly takesTimesteps: boolean
  /** Its lines in charts: lengths of dashes and gaps in pixels, none for a solid line, and the mark of a point. */
  readonly dash: readonly number[]
  readonly marker: 'circle' | 'square' | 'triangle' | 'diamond'
  /**
   * Chooses `steps` timesteps, ascending. Where the end is free they may still fall together: {@link chooseTimesteps}
   * moves them apart.
   */
  readonly choose: (request: SpacingRequest) => readonly number[]
}
