import type { NoiseSchedule } from '../noiseSchedule'

/**
 * How diffusers' scheduler for a solver lays out its timesteps: DDIM and PNDM use a `fixedStride`, DPM-Solver
 * lays out an `extraTimestep`; solvers that do neither, or that diffusers does not have, have `none`.
 */
export type DiffusersLayout = 'fixedStride' | 'extraTimestep' | 'none'

/** The inputs of a timestep spacing. */
export interface SpacingRequest {
  readonly schedule: NoiseSchedule
  readonly steps: number
  /** Timesteps listed by the user, for rows that take them. */
  readonly listed?: readonly number[] | undefined
  /** The last timestep, if the spacing has a free end. */
  readonly endTimestep: number
  /** How diffusers lays out the timesteps of the solver that will use them. */
  readonly diffusersLayout: DiffusersLayout
}

/** Everything the application knows about one timestep spacing: a row of the registry. */
export interface TimestepSpacingRow {
  /** Its name on the command line and in files. */
  readonly id: string
  /** Its display name. */
  readonly title: string
  /** Where it puts the steps, in one or two sentences. */
  readonly help: string
  /** Whether it is one of diffusers', so that trajectories on it reproduce those of diffusers. */
  readonly isDiffusers: boolean
  /** Whether it can end at any requested timestep. */
  readonly hasFreeEnd: boolean
  /** Whether it takes its timesteps from a list, which it then requires. */
  readonly takesTimesteps: boolean
  /** Its style in charts: dash and gap lengths in pixels (empty for a solid line), and its marker. */
  readonly dash: readonly number[]
  readonly marker: 'circle' | 'square' | 'triangle' | 'diamond'
  /**
   * Chooses `steps` timesteps, ascending. They may still coincide: {@link chooseTimesteps} moves them apart
   * if the end is free, and refuses them otherwise.
   */
  readonly choose: (request: SpacingRequest) => readonly number[]
}
