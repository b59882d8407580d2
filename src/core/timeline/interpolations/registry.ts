import type { Latent } from '../../diffusion/latent'
import { combineLatents, normOf } from '../../diffusion/latentCombination'
import { angleBetween, lerpWeights, requireFraction, slerpWeights } from '../../diffusion/slerp'
import type { InterpolationRow, Neighbourhood } from './interpolationRow'
import { sphericalSplineWeights } from './sphericalSpline'

/**
 * The kinds of path between stops, one row each, in the order in which they are listed everywhere. The
 * command line, the window and checks read these rows.
 */
export const interpolations = [
  {
    id: 'slerp',
    title: 'Slerp',
    help: 'Along the arc from stop to stop: in-between latents keep their length.',
    looksAround: false,
    weights: ({ latents: [from, to] }, fraction) =>
      slerpWeights(angleBetween(from.x.data, to.x.data), fraction),
  },
  {
    id: 'spline',
    title: 'Smooth',
    help: 'A curve through all stops that never turns a corner: motion continues smoothly through each stop.',
    looksAround: true,
    weights: sphericalSplineWeights,
  },
  {
    id: 'mix',
    title: 'Weighted mix',
    help: 'The weighted sum of the latents, divided by the norm of the weights, as in a mix.',
    looksAround: false,
    weights: (_, fraction) => {
      const length = Math.hypot(1 - fraction, fraction)
      return [(1 - fraction) / length, fraction / length]
    },
  },
  {
    id: 'normLerp',
    title: 'Lerp, length kept',
    help: 'Along the chord, then stretched to the length that a latent should have.',
    looksAround: false,
    weights: normLerpWeights,
  },
  {
    id: 'lerp',
    title: 'Lerp',
    help: 'Along the chord: in-between latents are too short, and their frames look greyer.',
    looksAround: false,
    weights: (_, fraction) => lerpWeights(fraction),
  },
] as const satisfies readonly InterpolationRow[]

/** Name of a kind of path on the command line and in files. */
export type Interpolation = (typeof interpolations)[number]['id']

/** The names, in the order of the rows. */
export const interpolationIds: readonly Interpolation[] = interpolations.map(({ id }) => id)

/** Returns the row of a kind of path. */
export function interpolationOf(id: Interpolation): InterpolationRow {
  return interpolations.find((row) => row.id === id)!
}

/**
 * Returns the latent at a fraction of a segment.
 *
 * @param fraction  0 … 1; the ends return the segment's stops, bit for bit
 * @throws DomainError when the latents cannot be mixed, or `fraction` is outside its range
 */
export function interpolate(id: Interpolation, neighbourhood: Neighbourhood, fraction: number): Latent {
  const { latents, from } = neighbourhood
  requireFraction(fraction)
  const end = from + fraction
  const weights = Number.isInteger(fraction)
    ? latents.map((_, at) => (at === end ? 1 : 0))
    : interpolationOf(id).weights(neighbourhood, fraction)
  return combineLatents(latents, weights)
}

/** Returns the weights of lerp, scaled so that the length is interpolated between those of the two. */
function normLerpWeights({ latents }: Neighbourhood, fraction: number): readonly number[] {
  const weights = lerpWeights(fraction)
  const length = normOf(combineLatents(latents, weights))
  const wanted = weights[0] * normOf(latents[0]) + weights[1] * normOf(latents[1])
  // Opposite latents cancel to zero, which has no direction to stretch along.
  return length > 0 ? weights.map((weight) => (weight * wanted) / length) : weights
}
