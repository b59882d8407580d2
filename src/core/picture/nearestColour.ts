/** Colours as consecutive red, green and blue values, 0 … 255, sorted by the sum of the three. */
export type Palette = Float64Array

/** Returns the index of the colour with the least squared distance; values outside 0 … 255 are allowed. */
export type NearestColour = (red: number, green: number, blue: number) => number

/** Largest sum of the three channels. */
const largestSum = 3 * 255

/**
 * Prepares searches in a palette. A search starts at the colour with the closest sum and walks outwards.
 * Because (dr + dg + db)² <= 3 (dr² + dg² + db²), it can stop once the sums differ too much.
 */
export function createNearestColour(palette: Palette): NearestColour {
  const count = palette.length / 3
  const sums = Float64Array.from(
    { length: count },
    (_, i) => palette[i * 3] + palette[i * 3 + 1] + palette[i * 3 + 2],
  )
  /** Index of the first colour whose sum is at least a given value. */
  const starts = new Int32Array(largestSum + 1)
  for (let sum = 0, i = 0; sum <= largestSum; sum++) {
    while (i < count && sums[i] < sum) i++
    starts[sum] = i
  }
  return (red, green, blue) => {
    const target = red + green + blue
    const start = starts[Math.min(largestSum, Math.max(0, Math.round(target)))]
    let nearest = 0
    let least = Infinity
    const visit = (i: number): boolean => {
      const gap = sums[i] - target
      if (gap * gap >= 3 * least) return false
      const dr = palette[i * 3] - red
      const dg = palette[i * 3 + 1] - green
      const db = palette[i * 3 + 2] - blue
      const distance = dr * dr + dg * dg + db * db
      if (distance < least) {
        least = distance
        nearest = i
      }
      return true
    }
    for (let i = start; i < count && visit(i); i++);
    for (let i = start - 1; i >= 0 && visit(i); i--);
    return nearest
  }
}
