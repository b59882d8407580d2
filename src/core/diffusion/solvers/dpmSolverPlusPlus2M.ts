import { linearCombination } from '../linearCombination'
import { lambdaOf, type NoiseLevel } from '../noiseLevel'
import type { Point } from '../path'
import { predictX0, type PredictEpsilon } from '../prediction'
import { ddimStep } from '../step'
import type { Tensor } from '../tensor'
import type { Solver } from './solver'
import { extrapolationWeight } from './twoStep'

/**
 * The coefficients of x_to = x * x_from + epsilon * epsilon_theta + x0Before * (the previous predicted x0).
 */
export interface DataCoefficients {
  readonly x: number
  readonly epsilon: number
  readonly x0Before: number
}

/**
 * Expands `ratio x + gain (x0 + weight (x0 - x0Before))` with x0 = (x - s epsilon) / a. Near the clean
 * picture, the terms in ratio and gain are large and nearly cancel, so x0 must not be rounded to float32 in
 * between.
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
 * DPM-Solver++(2M) (Lu et al. 2022, algorithm 2): second order in lambda like {@link twoM}, except that the
 * predicted x0 is extrapolated linearly and held constant over the step. With signal a and noise s of a
 * level:
 *
 *     x_to = (sTo / s) x + (aTo - a sTo / s) D,   D = x0 + w (x0 - x0Before),
 *     w = (lambdaTo - lambda) / (2 (lambda - lambdaBefore))
 *
 * Without the correction (w = 0) this is the DDIM step, which is also used from and to a clean picture off
 * the grid, where lambda is infinite. One evaluation per step.
 *
 * @param coefficientsOf  an alternative arithmetic for the same formula
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
