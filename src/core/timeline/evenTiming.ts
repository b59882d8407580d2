/** Places on a segment, ascending from 0 to 1, and the distances between the frames there: one fewer. */
export interface MeasuredPlaces {
  readonly places: readonly number[]
  readonly distances: readonly number[]
}

/** Gaps narrower than this share of a segment are not split: the latents on both sides hardly differ. */
const narrowest = 1e-5

/**
 * Returns the places to measure next: the middles of the widest gaps. A gap at least half as wide as the
 * widest would be split before the halves of that one, so all such gaps are split at once.
 *
 * @param most  maximum number of places
 * @returns ascending; empty if no gap can be split
 */
export function bisectWidestGaps({ places, distances }: MeasuredPlaces, most: number): number[] {
  const gaps = splittableGaps({ places, distances })
  const wide = gaps.filter(({ distance }) => distance >= gaps[0].distance / 2).slice(0, most)
  return wide.map(({ from, to }) => (from + to) / 2).sort((a, b) => a - b)
}

interface Gap {
  readonly distance: number
  readonly from: number
  readonly to: number
}

/** Returns the gaps that may be split, widest first. */
function splittableGaps({ places, distances }: MeasuredPlaces): Gap[] {
  return distances
    .map((distance, at) => ({ distance, from: places[at], to: places[at + 1] }))
    .filter(({ from, to }) => to - from > narrowest)
    .sort((a, b) => b.distance - a.distance)
}

/** Frames are placed between measured ones, so these should be closer together than the frames will be. */
const closeEnough = 0.75

/**
 * Returns the places to measure next for `steps` equal steps: those that divide each gap that is too wide to place frames
 * well into parts that are not, if it is even. Widest first, as long as there are places left.
 *
 * @param most  maximum number of places
 * @returns ascending; empty if no gap is too wide
 */
export function divideWideGaps({ places, distances }: MeasuredPlaces, steps: number, most: number): number[] {
  const whole = distances.reduce((sum, distance) => sum + distance, 0)
  const wanted = (closeEnough * whole) / steps
  const split = splittableGaps({ places, distances }).flatMap(({ distance, from, to }) => {
    const parts = Math.min(Math.ceil(distance / wanted), Math.ceil((to - from) / narrowest))
    return Array.from({ length: parts - 1 }, (_, i) => from + ((to - from) * (i + 1)) / parts)
  })
  return split.slice(0, most).sort((a, b) => a - b)
}

/**
 * Returns the inner places of `gaps` equal steps along a measured segment: where the sum of distances reaches
 * each share of the total, taking the path to be even within a gap.
 */
export function evenPlaces({ places, distances }: MeasuredPlaces, gaps: number): number[] {
  const whole = distances.reduce((sum, distance) => sum + distance, 0)
  // If nothing changes, any places will do.
  if (whole === 0) return Array.from({ length: gaps - 1 }, (_, i) => (i + 1) / gaps)
  const even: number[] = []
  let [gap, passed] = [0, 0]
  for (let step = 1; step < gaps; step++) {
    const wanted = (whole * step) / gaps
    while (gap < distances.length - 1 && passed + distances[gap] < wanted) passed += distances[gap++]
    const share = distances[gap] > 0 ? Math.min(1, (wanted - passed) / distances[gap]) : 1
    even.push(places[gap] + share * (places[gap + 1] - places[gap]))
  }
  return strictlyAscending(even)
}

/** Moves places that rounding made equal, or that reach an end, apart by a minimal distance. */
function strictlyAscending(places: readonly number[]): number[] {
  const least = 1e-9
  const rising = [...places]
  for (let i = 0; i < rising.length; i++) rising[i] = Math.max(rising[i], (rising[i - 1] ?? 0) + least)
  for (let i = rising.length - 1; i >= 0; i--) rising[i] = Math.min(rising[i], (rising[i + 1] ?? 1) - least)
  return rising
}
