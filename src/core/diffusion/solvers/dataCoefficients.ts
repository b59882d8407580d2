import { lambdaOf, type NoiseLevel } from '../noiseLevel'
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

/**
 * Returns the coefficients of DPM-Solver++(2M) between levels of any schedule.
 *
 * @param before  where the previous step started; without it, the step is of first order
 */
export function dataCoefficients(from: NoiseLevel, to: NoiseLevel, before?: NoiseLevel): DataCoefficients {
  const ratio = to.noise / from.noise
  const gain = to.signal - from.signal * ratio
  const weight = before ? extrapolationWeight(lambdaOf, before, from, to) : 0
  return asDataCoefficients(from, { ratio, gain, weight })
}
