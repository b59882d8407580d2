import { lambdaOf } from '../noiseLevel'
import type { PredictEpsilon } from '../prediction'
import { withRoundTripEstimate } from './withRoundTripEstimate'
import type { Solver } from './solver'
import { twoStep } from './twoStep'

/**
 * Second order in lambda: DPM-Solver's multistep solver on epsilon (Lu et al. 2022), in its midpoint form.
 * Like {@link ab2}, but epsilon is extrapolated linearly in lambda, in which it is much closer to a straight
 * line:
 *
 *     w = (lambdaTo - lambda) / (2 (lambda - lambdaBefore))
 */
export function twoM(predictEpsilon: PredictEpsilon): Solver {
  return withRoundTripEstimate(twoStep(predictEpsilon, lambdaOf), lambdaOf)
}
