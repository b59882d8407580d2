import { describe, expect, it } from 'vitest'
import { ontoPad, padCorners, padWeights } from '#core/timeline/padWeights'
import { createGaussian } from '#core/random/gaussian'

/** Points inside the circle that every pad contains, and some far outside it. */
function points(): { x: number; y: number }[] {
  const values = new Float32Array(80)
  createGaussian(7).fill(values)
  return Array.from({ length: 40 }, (_unused, at) => ({ x: values[2 * at] / 2, y: values[2 * at + 1] / 2 }))
}

describe.each([3, 4, 5, 9])('padWeights of %d corners', (count) => {
  const corners = padCorners(count)

  it('are non-negative, sum to 1, and reproduce the point as the weighted mean of the corners', () => {
    for (const point of points()) {
      const weights = padWeights(point, count)
      const on = ontoPad(point, count)
      expect(Math.min(...weights)).toBeGreaterThanOrEqual(0)
      expect(weights.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9)
      const mean = (axis: 'x' | 'y') =>
        corners.reduce((sum, corner, at) => sum + weights[at] * corner[axis], 0)
      expect(mean('x')).toBeCloseTo(on.x, 6)
      expect(mean('y')).toBeCloseTo(on.y, 6)
    }
  })

  it('give all weight to one corner at that corner, and to the two end corners on an edge', () => {
    for (const [at, corner] of corners.entries()) {
      expect(padWeights(corner, count)[at]).toBeCloseTo(1, 9)
      const next = corners[(at + 1) % count]
      const third = { x: corner.x + (next.x - corner.x) / 3, y: corner.y + (next.y - corner.y) / 3 }
      const weights = padWeights(third, count)
      expect(weights[at]).toBeCloseTo(2 / 3, 6)
      expect(weights[(at + 1) % count]).toBeCloseTo(1 / 3, 6)
    }
  })

  it('are equal in the middle, and change little when the point moves little', () => {
    const middle = padWeights({ x: 0, y: 0 }, count)
    expect(middle).toHaveLength(count)
    for (const weight of middle) expect(weight).toBeCloseTo(1 / count, 9)
    for (const { x, y } of points()) {
      const before = padWeights({ x, y }, count)
      const after = padWeights({ x: x + 1e-4, y }, count)
      for (const [at, weight] of after.entries()) expect(Math.abs(weight - before[at])).toBeLessThan(5e-3)
    }
  })
})
