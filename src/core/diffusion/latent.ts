import { DomainError } from '../DomainError'
import { concatenate, type Tensor } from './tensor'

/**
 * Points of the latent space: states x_t at one `timestep`, [N, C, H, W], usually with N = 1. Leapfrog
 * inversion is exact only with the preceding state as well, so its latents carry both states, and every
 * operation is applied to both.
 */
export interface Latent {
  readonly x: Tensor
  readonly timestep: number
  /** The neighbouring state of a leapfrog pair, with its own (smaller) timestep. */
  readonly previousState?: { readonly x: Tensor; readonly timestep: number }
}

/**
 * Joins latents of one timestep into a batch.
 *
 * @throws DomainError when their timesteps or shapes differ, or only some have a previous state
 */
export function stackLatents(latents: readonly Latent[]): Latent {
  const [{ timestep, previousState }] = latents
  const previousStates = latents.flatMap((latent) => latent.previousState ?? [])
  const odd = latents.find((latent) => latent.timestep !== timestep)
  if (odd)
    throw new DomainError(`Latents at timesteps ${timestep} and ${odd.timestep} do not make one batch.`)
  if (previousStates.length !== 0 && previousStates.length !== latents.length) {
    throw new DomainError(
      `${previousStates.length} of ${latents.length} latents have a previous state: all must, or none.`,
    )
  }
  const x = concatenate(latents.map((latent) => latent.x))
  if (!previousState) return { x, timestep }
  return {
    x,
    timestep,
    previousState: {
      x: concatenate(previousStates.map((state) => state.x)),
      timestep: previousState.timestep,
    },
  }
}
