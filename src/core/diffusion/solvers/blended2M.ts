import { linearCombination } from '../linearCombination'
import { sigmaOf, type NoiseLevel } from '../noiseLevel'
import type { Point } from '../path'
import { predictX0, type PredictEpsilon } from '../prediction'
import { stepCoefficients } from '../step'
import type { Tensor } from '../tensor'
import type { Solver } from './solver'
import type { SolverOptions } from './solverRow'
import { withRoundTripEstimate } from './withRoundTripEstimate'
import { extrapolationWeight, type Coordinate } from './twoStep'

/** Above this sigma two extrapolations are averaged. */
const blendedAbove = 1

/** With fewer steps than this, extrapolating x0 does not help. */
const leastBlendedSteps = 12

/** Returns lambda = -ln sigma with a soft floor on sigma: the clean picture is at a finite distance. */
function flooredLambda(floor: number): Coordinate {
  return (level) => -0.5 * Math.log(sigmaOf(level) ** 2 + floor ** 2)
}

/**
 * {@link twoM} with two changes that lower its error at no cost:
 *
 * - The extrapolation weight w is measured in L = -ln(sigma^2 + (sigma_0 / 2)^2) / 2, where sigma_0 is the
 *   sigma of timestep 0, rather than in lambda, which is infinite at the clean picture. This makes the second
 *   step up and the last step down second order as well.
 * - If sigma > 1 at both ends of a step, the step is the mean of this one and that of
 *   {@link dpmSolverPlusPlus2M} with the same weight: half of the correction extrapolates epsilon, the other
 *   half the predicted x0.
 *
 *     x_to = scale x + c (epsilon + v (epsilon - epsilonBefore)) + g (w - v) (x0 - x0Before),  v = w / 2 or w
 *
 * Here scale and c are those of the DDIM step, and g = aTo - a sTo / s is the weight of x0 in it. Second
 * order, one evaluation per step.
 */
export function blended2M(predictEpsilon: PredictEpsilon, { pointAt, steps }: SolverOptions): Solver {
  const coordinateOf = flooredLambda(sigmaOf(pointAt(0)) / 2)
  let before: { epsilon: Tensor; x0: Tensor; point: Point } | undefined
  let spare: typeof before

  const solver: Solver = {
    async advance(x, { from, to, conditioningTimestep }, out) {
      const epsilon = await predictEpsilon(x, conditioningTimestep, spare?.epsilon)
      const x0 = predictX0(x, epsilon, from, spare?.x0)
      const { x: scale, epsilon: c } = stepCoefficients(from, to)
      const w = before ? extrapolationWeight(coordinateOf, before.point, from, to) : 0
      const v = steps >= leastBlendedSteps && isBlended(from, to) ? w / 2 : w
      const terms = [x, epsilon, before?.epsilon ?? epsilon]
      const weights = [scale, c * (1 + v), -c * v]
      if (before && v !== w) {
        const g = (to.signal - (from.signal * to.noise) / from.noise) * (w - v)
        terms.push(x0, before.x0)
        weights.push(g, -g)
      }
      linearCombination(weights, terms, out)
      spare = before
      before = { epsilon, x0, point: from }
      return epsilon
    },
  }
  return withRoundTripEstimate(solver, coordinateOf)
}

function isBlended(from: NoiseLevel, to: NoiseLevel): boolean {
  return Math.min(sigmaOf(from), sigmaOf(to)) > blendedAbove
}
