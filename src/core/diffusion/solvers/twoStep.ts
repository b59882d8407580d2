import type { NoiseLevel } from '../noiseLevel'
import type { Point } from '../path'
import type { PredictEpsilon } from '../prediction'
import { ddimStep } from '../step'
import type { Tensor } from '../tensor'
import type { Solver } from './solver'

/** The position of a level on the scale on which a solver takes its quantity to be linear. */
export type Coordinate = (level: NoiseLevel) => number

/**
 * Returns the weight w of the second-order correction, epsilon + w (epsilon - epsilonBefore): half the coming
 * step over the previous step, measured in a coordinate. It is 0, which leaves the first-order step, where
 * the coordinate is infinite, as lambda is at the clean picture.
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
 * Two-step Adams-Bashforth with variable step lengths: epsilon is extrapolated to the middle of the step
 * along the straight line through its values at this state and the previous one. The first step, which has no
 * previous one, is a DDIM step. Second order at one evaluation per step.
 *
 * @param coordinateOf  the coordinate in which epsilon is nearly linear
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
