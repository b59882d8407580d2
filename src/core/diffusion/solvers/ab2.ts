import { sigmaOf } from '../noiseLevel'
import type { PredictEpsilon } from '../prediction'
import type { Solver } from './solver'
import { twoStep } from './twoStep'

/**
 * Second-order Adams-Bashforth on d xBar / d sigma = epsilon with variable step lengths: the multistep method
 * that the paper's discussion proposes (section 7). epsilon is extrapolated linearly in sigma:
 *
 *     xBarTo = xBar + (sigmaTo - sigma) (epsilon + w (epsilon - epsilonBefore)),
 *     w = (sigmaTo - sigma) / (2 (sigma - sigmaBefore))
 */
export function ab2(predictEpsilon: PredictEpsilon): Solver {
  return twoStep(predictEpsilon, sigmaOf)
}
