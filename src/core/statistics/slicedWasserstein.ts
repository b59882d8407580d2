import { createKeyedGaussian } from '../random/gaussian'

/** Reproducible random unit directions, [count, size], row-major. */
export interface Directions {
  readonly data: Float32Array
  readonly count: number
  readonly size: number
}

/** @param key  the key of the seeded draw; the same key always gives the same directions */
export function drawDirections(count: number, size: number, key: readonly number[]): Directions {
  const data = new Float32Array(count * size)
  createKeyedGaussian(key).fill(data)
  for (let i = 0; i < count; i++) {
    const row = data.subarray(i * size, (i + 1) * size)
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    for (let j = 0; j < size; j++) row[j] /= norm
  }
  return { data, count, size }
}

/**
 * Returns the sliced Wasserstein distance of two sets, given their projections: W2 along each direction, root
 * mean square over the directions (Bonneel et al. 2015, "Sliced and Radon Wasserstein Barycenters of
 * Measures").
 */
export function slicedWasserstein(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  const directions = a[0].length
  let sum = 0
  for (let i = 0; i < directions; i++) {
    const line = (set: readonly Float32Array[]) => Float32Array.from(set, (row) => row[i]).sort()
    sum += squaredWasserstein(line(a), line(b))
  }
  return Math.sqrt(sum / directions)
}

/** Returns W2² of two sorted sets of numbers of any sizes: the mean squared gap between their quantiles. */
function squaredWasserstein(a: Float32Array, b: Float32Array): number {
  let sum = 0
  let [i, j, from] = [0, 0, 0]
  while (i < a.length && j < b.length) {
    const [endA, endB] = [(i + 1) * b.length, (j + 1) * a.length]
    const to = Math.min(endA, endB)
    sum += (to - from) * (a[i] - b[j]) ** 2
    if (endA === to) i++
    if (endB === to) j++
    from = to
  }
  return sum / (a.length * b.length)
}
