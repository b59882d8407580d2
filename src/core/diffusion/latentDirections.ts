import { DomainError } from '../DomainError'
import { plural } from '../format/quantities'
import { meanOf } from '../numbers/mean'
import { symmetricEigen } from '../numbers/symmetricEigen'
import { dot } from '../numbers/vectors'
import { combineLatents, normOf } from './latentCombination'
import type { Latent } from './latent'

/**
 * The least length of what remains of latents without a part of them, as a share of theirs: what lies across
 * another latent, or how far several spread along a direction. Below it, float32 rounding determines the
 * direction of what remains.
 */
const leastShareAcross = 1e-5

/**
 * Moves a latent along the mean of one group minus the mean of another, keeping its length:
 *
 *     z' = |z| (z + s d) / |z + s d|,   d = mean(plus) - mean(minus)
 *
 * Directions in x_T are only weakly semantic: what they change in a picture depends strongly on the starting
 * latent.
 *
 * @param strength  s: 0 returns the latent itself, 1 moves as far as the means are apart
 * @throws DomainError when the latents cannot be mixed, or a group is empty
 */
export function alongDifference(
  latent: Latent,
  plus: readonly Latent[],
  minus: readonly Latent[],
  strength: number,
): Latent {
  if (plus.length === 0 || minus.length === 0) {
    throw new DomainError(
      'A direction leads from one group of latents to another: name at least one for each.',
    )
  }
  return withLengthOf(
    latent,
    combineLatents(
      [latent, ...plus, ...minus],
      [1, ...plus.map(() => strength / plus.length), ...minus.map(() => -strength / minus.length)],
    ),
  )
}

/**
 * Moves a latent along a principal direction of several latents, keeping its length. The direction is the
 * eigenvector of their covariance with the `component`-th largest variance, counted from 0. It is computed
 * from their inner products, because there are far fewer latents than values. Its sign is chosen so that the
 * first latent with a component along it lies on the positive side, which makes it reproducible.
 *
 * @param component  0 … count - 2
 * @param strength  in standard deviations of the latents along the direction
 * @throws DomainError when there are fewer than two latents, no such direction, one in which they do not differ
 *   by more than rounding, or latents that cannot be mixed
 */
export function alongPrincipal(
  latent: Latent,
  of: readonly Latent[],
  component: number,
  strength: number,
): Latent {
  const count = of.length
  if (count < 2) throw new DomainError('Principal directions need at least two latents.')
  if (component > count - 2) {
    throw new DomainError(
      `${count} latents have ${count - 1} principal ${plural(count - 1, 'direction')}: there is no number ${component + 1}. Choose ${count === 2 ? '1' : `1 to ${count - 1}`}, or add latents.`,
    )
  }
  const { value, vector } = symmetricEigen(centredProducts(of))[component]
  const longest = Math.max(...of.map(normOf))
  if (!(value > (leastShareAcross * longest) ** 2)) {
    throw new DomainError('These latents do not differ in that direction: choose an earlier one.')
  }
  const sign = Math.sign(vector.find((coordinate) => Math.abs(coordinate) > 1e-9) ?? 1)
  // The direction sum(v_i (x_i - mean)) / sqrt(value) has length 1; the standard deviation along it is
  // sqrt(value / (n - 1)).
  const scale = (sign * strength) / Math.sqrt(count - 1)
  const mean = meanOf(vector)
  const weights = vector.map((coordinate) => scale * (coordinate - mean))
  return withLengthOf(latent, combineLatents([latent, ...of], [1, ...weights]))
}

/**
 * Returns a latent at an angle from another, on a circle around it:
 *
 *     cos(angle) z + sin(angle) |z| (cos(2 pi turn) u + sin(2 pi turn) v)
 *
 * where u and v are the two axes, made orthogonal to z and to each other and scaled to length 1. The result
 * is as long as the latent.
 *
 * @param axes  two latents that do not share a plane with it, such as those of {@link drawAxes}
 * @param place  the angle in degrees, and the position on the circle, 0 … 1
 * @throws DomainError when the latents cannot be mixed, or share a plane
 */
export function walkAround(
  latent: Latent,
  axes: readonly [Latent, Latent],
  { angle, turn }: { readonly angle: number; readonly turn: number },
): Latent {
  const length = normOf(latent)
  const u = orthogonal(axes[0], [latent])
  const v = orthogonal(axes[1], [latent, u])
  if (!isAcross(u, axes[0]) || !isAcross(v, axes[1])) {
    throw new DomainError('This walk has no circle to follow around its latent: choose another seed for it.')
  }
  const [lift, phase] = [(angle * Math.PI) / 180, 2 * Math.PI * turn]
  const across = Math.sin(lift) * length
  return combineLatents(
    [latent, u, v],
    [Math.cos(lift), (across * Math.cos(phase)) / normOf(u), (across * Math.sin(phase)) / normOf(v)],
  )
}

/** How many draws are tried for one axis. The second is enough, unless states have fewer than three values. */
const mostDraws = 8

/**
 * Draws the two axes of a walk around a latent. A draw that lies along the latent, or in one plane with it and
 * the first axis, is passed over: the latent of a seed is itself the first draw of that seed.
 *
 * @param draw  returns the next of a sequence of draws, of the same kind as the latent
 */
export function drawAxes(latent: Latent, draw: () => Latent): [Latent, Latent] {
  const u = drawAcross([latent], draw)
  return [u, drawAcross([latent, orthogonal(u, [latent])], draw)]
}

function drawAcross(others: readonly Latent[], draw: () => Latent): Latent {
  let axis = draw()
  for (let drawn = 1; drawn < mostDraws && !isAcross(orthogonal(axis, others), axis); drawn++) axis = draw()
  return axis
}

/** Returns whether the part of an axis that is orthogonal to something is more than rounding. */
function isAcross(part: Latent, axis: Latent): boolean {
  return normOf(part) > leastShareAcross * normOf(axis)
}

/** Returns the part of a latent orthogonal to others, which must be mutually orthogonal (Gram-Schmidt). */
function orthogonal(latent: Latent, others: readonly Latent[]): Latent {
  const weights = others.map(
    ({ x }) => -dot(latent.x.data, x.data) / Math.max(dot(x.data, x.data), Number.MIN_VALUE),
  )
  return combineLatents([latent, ...others], [1, ...weights])
}

/** Returns a latent scaled to the length of another, or unchanged if it is zero. */
function withLengthOf(reference: Latent, latent: Latent): Latent {
  const length = normOf(latent)
  return length > 0 ? combineLatents([latent], [normOf(reference) / length]) : latent
}

/** Returns the inner products of latents after subtracting their mean. */
function centredProducts(latents: readonly Latent[]): number[][] {
  const products = latents.map((a) => latents.map((b) => dot(a.x.data, b.x.data)))
  const means = products.map(meanOf)
  const mean = meanOf(means)
  return products.map((row, i) => row.map((value, k) => value - means[i] - means[k] + mean))
}
