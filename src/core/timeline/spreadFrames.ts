/**
 * Distributes exactly `total` whole frames over segments: at least one to each, and otherwise as close to
 * their weights as whole numbers allow.
 *
 * @param weights  one per segment, positive
 * @throws RangeError for fewer frames than segments
 */
export function spreadFrames(total: number, weights: readonly number[]): number[] {
  if (total < weights.length) {
    throw new RangeError(`${total} frames are too few for ${weights.length} segments.`)
  }
  const sum = weights.reduce((all, weight) => all + weight, 0)
  let [reached, end] = [0, 0]
  return weights.map((weight, i) => {
    reached += weight
    const start = end
    const after = weights.length - 1 - i
    // Ends are rounded rather than lengths, so that rounding errors never add up; the last one is given.
    const share = after === 0 ? total : Math.floor((reached * total) / sum)
    end = Math.min(total - after, Math.max(start + 1, share))
    return end - start
  })
}
