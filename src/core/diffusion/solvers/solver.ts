import type { Latent } from '../latent'
import type { PathStep } from '../path'
import type { Tensor } from '../tensor'

/**
 * An integrator that carries a batch along a path, one step per call, in the order of the path. It keeps what
 * it needs from earlier steps, so one solver serves one trajectory. The same code handles steps towards more
 * noise and towards less. The values of an item never depend on the others in its batch.
 */
export interface Solver {
  /**
   * Carries `x` from `step.from` to `step.to`.
   *
   * @param x  the state at `step.from`; not changed, and kept by the caller until the next call, whose `out`
   *   it may be
   * @param out  receives the state at `step.to`
   * @returns epsilon at `x` (`midpoint`: in the middle of the step), valid until the next call
   */
  advance(x: Tensor, step: PathStep, out: Tensor): Promise<Tensor>
  /** How often an iteration did not converge and the plain step was taken, counted per item and step. */
  readonly fallbacks?: number
  /** While encoding: the expected mean squared error of each reconstruction on [0, 1], as far as known. */
  readonly expectedError?: readonly number[]
  /** The state before the last one, if a latent is the pair of both. */
  readonly previousState?: Latent['previousState']
}
