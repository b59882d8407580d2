import type { NoiseLevel } from '../noiseLevel'
import type { Point } from '../path'
import type { PredictEpsilon } from '../prediction'
import { ddimStep } from '../step'
import type { Tensor } from '../tensor'
import type { Solver } from './solver'

/** Where a level lies on the scale along which a solver takes its quantity to be straight. */
export type Coordinate = (level: NoiseLevel) => number

/**
 * Weight w of the second-order correction, epsilon + w (epsilon - epsilonBefore): half the step to come over the step
 * before, measured in a coordinate. 0, which leaves the first-order step, where the coordinate is infinite, as lambda
 * is at the clean picture.
 */
export function extrapolationWeight(
  coordinateOf: Coordinate,
  before: NoiseLevel,
  from: NoiseLevel,
  to: NoiseLevel,
): number {
  const position = coordinateOf(from)
  const weight = (coordinateOf(to) - position) / (2 * (position - coordinateOf(before)))
  return Number.isFinite(weight) ? weight : 0
}

/**
 * The two-step Adams-Bashforth frame for steps of any length: epsilon is continued along the straight line through the
 * values at this state and the one before, up to the middle of the step. The first step, with nothing before it, is
 * DDIM's. Second order for one evaluation a step.
 *
 * @param coordinateOf  in which epsilon is nearly straight
 */
export function twoStep(predictEpsilon: PredictEpsilon, coordinateOf: Coordinate): Solver {
  let current: Tensor | undefined
  let before: { epsilon: Tensor; point: Point } | undefined
  let spare: Tensor | undefined

  return {
    async advance(x, step, out) {
      current = await predictEpsilon(x, step.conditioningTimestep, spare)
      const weight = before ? extrapolationWeight(coordinateOf, before.point, step.from, step.to) : 0
      const epsilons = [{ weight: 1 + weight, tensor: current }]
      if (before && weight !== 0) epsilons.push({ weight: -weight, tensor: before.epsilon })
      ddimStep(x, epsilons, step, out)
      spare = before?.epsilon
      before = { epsilon: current, point: step.from }
      return current
    },
  }
}
