import type { PredictEpsilon } from '../prediction'
import { ddimStep } from '../step'
import type { Tensor } from '../tensor'
import type { Solver } from './solver'

/**
 * Heun's method, the corrected Euler step (Karras et al. 2022, algorithm 1): the mean of epsilon at both ends
 * of the step.
 *
 *     xBarTo = xBar + (sigmaTo - sigma) (epsilon(x, t) + epsilon(x', tTo)) / 2,   x' the end of the DDIM step
 *
 * Second order at two evaluations per step. The step to a clean picture off the grid is a DDIM step, because
 * the network knows no such timestep: 2 S - 1 evaluations to decode then, otherwise 2 S.
 */
export function heun(predictEpsilon: PredictEpsilon): Solver {
  let start: Tensor | undefined
  let end: Tensor | undefined
  return {
    async advance(x, step, out) {
      start = await predictEpsilon(x, step.conditioningTimestep, start)
      ddimStep(x, [{ weight: 1, tensor: start }], step, out)
      if (step.to.timestep >= 0) {
        end = await predictEpsilon(out, step.to.timestep, end)
        const mean = [
          { weight: 0.5, tensor: start },
          { weight: 0.5, tensor: end },
        ]
        ddimStep(x, mean, step, out)
      }
      return start
    },
  }
}
