import type { Latent } from '../latent'
import type { PathStep } from '../path'
import type { Tensor } from '../tensor'

/**
 * Carries a batch along a path, one step a call, in the order of the path. It holds what it must remember
 * of earlier steps, so one solver serves one trajectory. Steps towards more noise and towards less go through the same
 * code; values of one item never depend on the others in its batch.
 */
export interface Solver {
  /**
   * Carries `x` from `step.from` to `step.to`.
   *
   * @param x  the state at `step.from`; not changed, and left alone until the next call, whose `out` it may be
   * @param out  receives the state at `step.to`
   * @returns epsilon at `x`, valid until the next call
   */
  advance(x: Tensor, step: PathStep, out: Tensor): Promise<Tensor>
  /** How often, counted in items and steps, an iteration did not converge and a plain step was taken instead. */
  readonly fallbacks?: number
  /** While encoding: the mean squared error on [0, 1] that each item is expected to come back with, as far as is known. */
  readonly expectedError?: readonly number[]
  /** The state before the last one, where a latent is the pair of both. */
  readonly previousState?: Latent['previousState']
}
