import { sigmaOf } from '../noiseLevel'
import type { PredictEpsilon } from '../prediction'
import { ddimStep } from '../step'
import type { Tensor } from '../tensor'
import type { Solver } from './solver'

/**
 * The Euler method on the probability flow ODE of variance exploding diffusion (paper, eq. 15), which steps
 * in sigma^2 where DDIM steps in sigma:
 *
 *     xBarTo = xBar + (sigmaTo^2 - sigma^2) / (2 sigma) epsilon
 *
 * This is the DDIM step with epsilon weighted by (1 + sigmaTo / sigma) / 2. From the clean picture, where
 * sigma is 0, it is the DDIM step itself. First order, one evaluation per step.
 */
export function veEuler(predictEpsilon: PredictEpsilon): Solver {
  let epsilon: Tensor | undefined
  return {
    async advance(x, step, out) {
      epsilon = await predictEpsilon(x, step.conditioningTimestep, epsilon)
      const ratio = sigmaOf(step.to) / sigmaOf(step.from)
      const weight = Number.isFinite(ratio) ? (1 + ratio) / 2 : 1
      ddimStep(x, [{ weight, tensor: epsilon }], step, out)
      return epsilon
    },
  }
}
