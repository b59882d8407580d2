import { linearCombination } from '../linearCombination'
import { lambdaOf, type NoiseLevel } from '../noiseLevel'
import type { Point } from '../path'
import { predictX0, type PredictEpsilon } from '../prediction'
import { ddimStep } from '../step'
import type { Tensor } from '../tensor'
import type { Solver } from './solver'
import { extrapolationWeight } from './twoStep'

/** x_to = x * x_from + epsilon * epsilon_theta + x0Before * (the x0 predicted a step before). */
export interface DataCoefficients {
  readonly x: number
  readonly epsilon: number
  readonly x0Before: number
}

/**
 * Writes `ratio x + gain (x0 + weight (x0 - x0Before))` with x0 = (x - s epsilon) / a. Near the clean picture ratio and
 * gain are large and nearly cancel, so no x0 rounded to float32 may come between.
 */
export function asDataCoefficients(
  { signal: a, noise: s }: NoiseLevel,
  { ratio, gain, weight }: { readonly ratio: number; readonly gain: number; readonly weight: number },
): DataCoefficients {
  const x0 = gain * (1 + weight)
  return { x: ratio + x0 / a, epsilon: (-x0 * s) / a, x0Before: -gain * weight }
}

function dataCoefficients(from: NoiseLevel, to: NoiseLevel, before?: NoiseLevel): DataCoefficients {
  const ratio = to.noise / from.noise
  const gain = to.signal - from.signal * ratio
  const weight = before ? extrapolationWeight(lambdaOf, before, from, to) : 0
  return asDataCoefficients(from, { ratio, gain, weight })
}

/**
 * DPM-Solver++(2M) (Lu et al. 2022, algorithm 2): second order in lambda like {@link twoM}, but it is the predicted x0
 * that is continued as a straight line, and held over the step. With a the signal and s the noise of a level:
 *
 *     x_to = (sTo / s) x + (aTo - a sTo / s) D,   D = x0 + w (x0 - x0Before),  w = (lambdaTo - lambda) / (2 (lambda - lambdaBefore))
 *
 * Without a correction (w = 0) this is the DDIM step, which is also how it leaves and reaches a clean picture off the
 * grid, where lambda is infinite. One evaluation a step.
 *
 * @param coefficientsOf  another arithmetic for the same formula
 */
export function dpmSolverPlusPlus2M(
  predictEpsilon: PredictEpsilon,
  coefficientsOf: typeof dataCoefficients = dataCoefficients,
): Solver {
  let epsilon: Tensor | undefined
  let before: { x0: Tensor; point: Point } | undefined
  let spare: Tensor | undefined

  return {
    async advance(x, step, out) {
      const { from, to } = step
      epsilon = await predictEpsilon(x, step.conditioningTimestep, epsilon)
      const x0 = predictX0(x, epsilon, from, spare)
      if (from.noise === 0 || to.noise === 0) {
        ddimStep(x, [{ weight: 1, tensor: epsilon }], step, out)
      } else {
        const weights = coefficientsOf(from, to, before?.point)
        linearCombination([weights.x, weights.epsilon, weights.x0Before], [x, epsilon, before?.x0 ?? x0], out)
      }
      spare = before?.x0
      before = { x0, point: from }
      return epsilon
    },
  }
}
