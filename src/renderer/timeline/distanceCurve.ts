import { leapsIn, unevenness } from '#core/timeline/frameDistances'

/** The distances between consecutive frames of a film, as far as both frames are available. */
export interface DistanceCurve {
  /** From frame i to frame i + 1, on 0 … 1; null if either is not available. */
  readonly distances: readonly (number | null)[]
  /** Positions of steps that are leaps. */
  readonly leaps: readonly number[]
  /** The largest distance divided by the mean; null until two frames are available. */
  readonly unevenness: number | null
}

/** Returns the root mean squared difference of two byte arrays, on 0 … 1. */
export function rmseOfBytes(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2
  return Math.sqrt(sum / a.length) / 255
}

/** Finds the leaps and the unevenness in a film's distances. */
export function distanceCurve(distances: readonly (number | null)[]): DistanceCurve {
  const known = distances.flatMap((distance, at) => (distance === null ? [] : [{ distance, at }]))
  const values = known.map(({ distance }) => distance)
  return {
    distances,
    leaps: leapsIn(values).map((index) => known[index].at),
    unevenness: values.length > 0 ? unevenness(values) : null,
  }
}
