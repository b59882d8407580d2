import type { Latent } from './latent'
import { createTensor, type Tensor } from './tensor'

/** How two latents are mixed. */
export const interpolations = ['slerp', 'lerp'] as const
export type Interpolation = (typeof interpolations)[number]

/** Share of the first and of the second latent in a mixture. */
type Weights = readonly [from: number, to: number]

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
  requireMixable(from, to, fraction)
  return mix(from, to, lerpWeights(fraction))
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
  requireMixable(from, to, fraction)
  return mix(from, to, slerpWeights(angleBetween(from.x.data, to.x.data), fraction))
}

/** {@link slerp} or {@link lerp}, by name. */
export function interpolate(kind: Interpolation, from: Latent, to: Latent, fraction: number): Latent {
  return kind === 'slerp' ? slerp(from, to, fraction) : lerp(from, to, fraction)
}

function lerpWeights(fraction: number): Weights {
  return [1 - fraction, fraction]
}

function slerpWeights(angle: number, fraction: number): Weights {
  const sine = Math.sin(angle)
  if (!(sine > smallestSine)) return lerpWeights(fraction)
  return [Math.sin((1 - fraction) * angle) / sine, Math.sin(fraction * angle) / sine]
}

/**
 * Angle between two vectors, 0 … pi; NaN when one is zero. Kahan's form, 2 atan2(|a - b|, |a + b|) of the unit
 * vectors: unlike the arc cosine it keeps its digits for nearly parallel and nearly opposite ones.
 */
function angleBetween(a: Float32Array, b: Float32Array): number {
  const aNorm = norm(a)
  const bNorm = norm(b)
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

function norm(vector: Float32Array): number {
  let squares = 0
  for (const value of vector) squares += value * value
  return Math.sqrt(squares)
}

function mix(from: Latent, to: Latent, weights: Weights): Latent {
  const x = mixTensors(from.x, to.x, weights)
  const { timestep } = from
  if (!from.previousState || !to.previousState) return { x, timestep }
  const previousState = {
    x: mixTensors(from.previousState.x, to.previousState.x, weights),
    timestep: from.previousState.timestep,
  }
  return { x, timestep, previousState }
}

function mixTensors(from: Tensor, to: Tensor, [fromWeight, toWeight]: Weights): Tensor {
  const mixed = createTensor(from.shape)
  for (let i = 0; i < mixed.data.length; i++) {
    mixed.data[i] = fromWeight * from.data[i] + toWeight * to.data[i]
  }
  return mixed
}

function requireMixable(from: Latent, to: Latent, fraction: number): void {
  if (!(fraction >= 0 && fraction <= 1)) throw new RangeError(`Fraction ${fraction} is outside 0 to 1.`)
  const [fromKind, toKind] = [describe(from), describe(to)]
  if (fromKind !== toKind) {
    throw new RangeError(`Only latents of one kind can be mixed, not ${fromKind} with ${toKind}.`)
  }
}

/** What two latents must have in common to be mixed. */
function describe({ x, timestep, previousState }: Latent): string {
  const state = `one of shape [${x.shape.join(', ')}] at timestep ${timestep}`
  return previousState ? `${state} with a previous state at ${previousState.timestep}` : state
}
