import { sigmaOf } from '../noiseLevel'
import type { PredictEpsilon } from '../prediction'
import type { Solver } from './solver'
import { twoStep } from './twoStep'

/**
 * Adams-Bashforth of second order on d xBar / d sigma = epsilon, with variable steps: the multistep method that the
 * paper's discussion proposes (section 7). epsilon is continued as a straight line in sigma:
 *
 *     xBarTo = xBar + (sigmaTo - sigma) (epsilon + w (epsilon - epsilonBefore)),  w = (sigmaTo - sigma) / (2 (sigma - sigmaBefore))
 */
export function ab2(predictEpsilon: PredictEpsilon): Solver {
  return twoStep(predictEpsilon, sigmaOf)
}
