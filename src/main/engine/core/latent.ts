import type { Tensor } from './tensor'

/**
 * A point of the latent space: the state x_t at `timestep`, shape [1, C, H, W]. Leapfrog inversion is exact only with
 * the state before it as well, so its latents carry that too and everything done to a latent is done to both.
 */
export interface Latent {
  readonly x: Tensor
  readonly timestep: number
  /** The neighbouring state of a leapfrog pair, with its own (smaller) timestep. */
  readonly companion?: { readonly x: Tensor; readonly timestep: number }
}
