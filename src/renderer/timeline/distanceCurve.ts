import { leapsIn, unevenness } from '#core/timeline/frameDistances'

/** How far each frame of a film is from the next, as far as both are there. */
export interface DistanceCurve {
  /** From frame i to frame i + 1, on 0 … 1; null where one of them is not there. */
  readonly distances: readonly (number | null)[]
  /** Positions of steps that are leaps. */
  readonly leaps: readonly number[]
  /** The largest distance over the mean one; null before two frames are there. */
  readonly unevenness: number | null
}

/** Root mean squared difference of two lists of bytes, on 0 … 1. */
export function rmseOfBytes(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2
  return Math.sqrt(sum / a.length) / 255
}

/** What a film's distances tell of it. */
export function distanceCurve(distances: readonly (number | null)[]): DistanceCurve {
  const known = distances.flatMap((distance, at) => (distance === null ? [] : [{ distance, at }]))
  const values = known.map(({ distance }) => distance)
  return {
    distances,
    leaps: leapsIn(values).map((index) => known[index].at),
    unevenness: values.length > 0 ? unevenness(values) : null,
  }
}
