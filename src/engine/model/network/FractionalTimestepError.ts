import { StudioError } from '#shared/errors'

/**
 * Thrown when a solver asks for a timestep between two whole ones, and the network takes whole ones only: it
 * can never run with that solver.
 */
export class FractionalTimestepError extends StudioError {
  /** @param network  what takes whole timesteps, at the start of a sentence */
  constructor(network: string, timestep: number) {
    super(
      'UNSUPPORTED',
      `${network} takes whole timesteps, and the solver asks for ${timestep}: choose a solver that stays on the timesteps.`,
    )
  }
}
