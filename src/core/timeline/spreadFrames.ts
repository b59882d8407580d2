import { DomainError } from '../DomainError'

/**
 * Distributes exactly `total` whole frames over segments by their weights. A segment whose share is less than
 * a frame gets one. Each of the others ends at the whole frame nearest to where its share of the rest ends.
 *
 * @param weights  one per segment, positive
 * @throws DomainError for fewer frames than segments
 */
export function spreadFrames(total: number, weights: readonly number[]): number[] {
  if (total < weights.length) {
    throw new DomainError(`${total} frames are too few for ${weights.length} segments.`)
  }
  const isShort = shortOf(total, weights)
  const { frames, sum } = remainder(total, weights, isShort)
  let [reached, end] = [0, 0]
  return weights.map((weight, i) => {
    if (isShort[i]) return 1
    reached += weight
    const start = end
    // Ends are rounded rather than lengths, so that rounding errors never add up.
    end = Math.max(start + 1, Math.round((reached * frames) / sum))
    return end - start
  })
}

/** Returns which segments are too short for a frame by their weight, and get one at the cost of the others. */
function shortOf(total: number, weights: readonly number[]): readonly boolean[] {
  let isShort = weights.map(() => false)
  for (;;) {
    const { frames, sum } = remainder(total, weights, isShort)
    const next = weights.map((weight, i) => isShort[i] || weight * frames < sum)
    if (next.every((short, i) => short === isShort[i])) return isShort
    isShort = next
  }
}

/** Returns the frames that are left for segments that are not short, and the sum of their weights. */
function remainder(
  total: number,
  weights: readonly number[],
  isShort: readonly boolean[],
): { frames: number; sum: number } {
  const others = weights.filter((_weight, i) => !isShort[i])
  return {
    frames: total - (weights.length - others.length),
    sum: others.reduce((all, weight) => all + weight, 0),
  }
}
