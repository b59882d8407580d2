import { DomainError } from '../DomainError'
import { dot } from '../numbers/vectors'
import type { Latent } from './latent'
import { combineLatents } from './latentCombination'

/** The weights of the first and the second latent in a mix. */
export type Weights = readonly [from: number, to: number]

/**
 * Below this sine of the angle, slerp falls back to lerp. Near 0 degrees the two differ by less than 1e-12;
 * near 180 degrees and for a zero vector, the great circle is not unique and the formula divides by zero.
 */
const smallestSine = 1e-6

/**
 * Mixes two latents along the great circle through both, each taken as one vector (paper, appendix D.5;
 * Shoemake 1985): sin((1 - a) theta) / sin(theta) from + sin(a theta) / sin(theta) to, where theta is the
 * angle between them.
 *
 * Parallel, opposite and zero vectors fall back to {@link lerpWeights}: for parallel ones that is the limit; for the
 * others the great circle is not unique. The previous state of a leapfrog latent gets the same weight as its
 * state, so that the pair stays a pair.
 *
 * @param fraction  0 … 1; the ends return the latents themselves, bit for bit
 * @throws DomainError when the latents differ in shape, timestep or previous state, or for any other fraction
 */
export function slerp(from: Latent, to: Latent, fraction: number): Latent {
  requireFraction(fraction)
  return combineLatents([from, to], slerpWeights(angleBetween(from.x.data, to.x.data), fraction))
}

/**
 * Returns the weights of two latents on the straight line between them. Halfway between two Gaussian draws the
 * norm is too small by a factor of 1/sqrt(2), which decodes to washed-out pictures; hence {@link slerp}.
 */
export function lerpWeights(fraction: number): Weights {
  return [1 - fraction, fraction]
}

/** Returns the weights that {@link slerp} gives two latents, given the angle between them in radians. */
export function slerpWeights(angle: number, fraction: number): Weights {
  const sine = Math.sin(angle)
  if (!(sine > smallestSine)) return lerpWeights(fraction)
  return [Math.sin((1 - fraction) * angle) / sine, Math.sin(fraction * angle) / sine]
}

/**
 * Returns the angle between two vectors, 0 … pi; NaN if one is zero. Kahan's formula for unit vectors,
 * 2 atan2(|a - b|, |a + b|), stays accurate for nearly parallel and nearly opposite vectors, unlike the arc
 * cosine.
 */
export function angleBetween(a: Float32Array, b: Float32Array): number {
  const aNorm = Math.sqrt(dot(a, a))
  const bNorm = Math.sqrt(dot(b, b))
  let difference = 0
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    const aUnit = a[i] / aNorm
    const bUnit = b[i] / bNorm
    difference += (aUnit - bUnit) ** 2
    sum += (aUnit + bUnit) ** 2
  }
  return 2 * Math.atan2(Math.sqrt(difference), Math.sqrt(sum))
}

/** @throws DomainError  for a fraction outside 0 … 1 */
export function requireFraction(fraction: number): void {
  if (!(fraction >= 0 && fraction <= 1)) throw new DomainError(`Fraction ${fraction} is outside 0 to 1.`)
}
