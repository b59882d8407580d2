import type { Latent } from './latent'
import { combineLatents, dotOf } from './latentCombination'

/** Share of the first and of the second latent in a mixture. */
export type Weights = readonly [from: number, to: number]

/**
 * Below this sine of the angle, slerp is lerp. Near zero degrees the two differ by less than 1e-12 there; near 180 and
 * for a zero vector no great circle is singled out and the formula divides by zero.
 */
const smallestSine = 1e-6

/**
 * Mixes two latents on the straight line between them: (1 - fraction) from + fraction to. Halfway between two Gaussian
 * draws the norm is too small by 1/sqrt(2), which decodes to washed-out pictures; hence {@link slerp}.
 *
 * @param fraction  0 … 1; the ends give the latents themselves, bit for bit
 * @throws RangeError when the latents differ in shape, timestep or previous state, or `fraction` is outside its range
 */
export function lerp(from: Latent, to: Latent, fraction: number): Latent {
  requireFraction(fraction)
  return combineLatents([from, to], lerpWeights(fraction))
}

/**
 * Mixes two latents along the great circle through both, each taken as one vector (paper, appendix D.5; Shoemake 1985):
 * sin((1 - a) theta) / sin(theta) from + sin(a theta) / sin(theta) to, with theta the angle between them.
 *
 * Parallel, opposite and zero vectors are mixed as {@link lerp} does: for parallel ones that is the limit; for the
 * others there is no one great circle to follow. A leapfrog latent's previous state gets the weights of its state, so that the pair
 * stays a pair.
 *
 * @param fraction  0 … 1; the ends give the latents themselves, bit for bit
 * @throws RangeError when the latents differ in shape, timestep or previous state, or `fraction` is outside its range
 */
export function slerp(from: Latent, to: Latent, fraction: number): Latent {
  requireFraction(fraction)
  return combineLatents([from, to], slerpWeights(angleBetween(from.x.data, to.x.data), fraction))
}

/** What {@link lerp} multiplies the two latents with. */
export function lerpWeights(fraction: number): Weights {
  return [1 - fraction, fraction]
}

/** What {@link slerp} multiplies two latents with, given the angle between them in radians. */
export function slerpWeights(angle: number, fraction: number): Weights {
  const sine = Math.sin(angle)
  if (!(sine > smallestSine)) return lerpWeights(fraction)
  return [Math.sin((1 - fraction) * angle) / sine, Math.sin(fraction * angle) / sine]
}

/**
 * Angle between two vectors, 0 … pi; NaN when one is zero. Kahan's form, 2 atan2(|a - b|, |a + b|) of the unit
 * vectors: unlike the arc cosine it keeps its digits for nearly parallel and nearly opposite ones.
 */
export function angleBetween(a: Float32Array, b: Float32Array): number {
  const aNorm = Math.sqrt(dotOf(a, a))
  const bNorm = Math.sqrt(dotOf(b, b))
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

function requireFraction(fraction: number): void {
  if (!(fraction >= 0 && fraction <= 1)) throw new RangeError(`Fraction ${fraction} is outside 0 to 1.`)
}
