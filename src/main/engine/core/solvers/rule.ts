import type { PathStep } from '../path'
import type { Tensor } from '../tensor'

/**
 * A rule that carries a batch along a path, one step a call, in the order of the path. It holds what it must remember
 * of earlier steps, so one rule serves one trajectory. Steps towards more noise and towards less go through the same
 * code; values of one item never depend on the others in its batch.
 */
export interface Rule {
  /**
   * Carries `x` from `step.from` to `step.to`.
   *
   * @param x  the state at `step.from`; never changed
   * @param out  receives the state at `step.to`; its old content means nothing
   * @returns epsilon at `x`, valid until the next call
   */
  advance(x: Tensor, step: PathStep, out: Tensor): Promise<Tensor>
}
