import { describe, expect, it } from 'vitest'
import { createGaussian } from '#core/random/gaussian'
import { symmetricEigen } from '#core/numbers/symmetricEigen'
import { frechetDistance, type Moments, MomentSums } from '#core/statistics/frechet'
import { semidefiniteFactor } from '#core/statistics/semidefiniteFactor'
import { finish } from './finish'

const [count, size] = [60, 128]

function draw(seed: number): Float32Array[] {
  const gaussian = createGaussian(seed)
  return Array.from({ length: count }, () => {
    const vector = new Float32Array(size)
    gaussian.fill(vector)
    return vector
  })
}

function momentsOf(set: readonly Float32Array[]): Moments {
  const sums = new MomentSums(size)
  for (const vector of set) sums.add(vector)
  return sums.moments()
}

/** Moments as a program that stores single precision writes them. */
function inSinglePrecision({ mean, covariance }: Moments): Moments {
  return { mean: mean.map(Math.fround), covariance: covariance.map(Math.fround) }
}

function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i]
  return sum
}

/** The mean of a set, and its vectors without it, divided by the root of N - 1. */
function centred(set: readonly Float32Array[]) {
  const mean = Array.from({ length: size }, (_, i) => set.reduce((sum, vector) => sum + vector[i], 0) / count)
  return {
    mean,
    rows: set.map((vector) => mean.map((value, i) => (vector[i] - value) / Math.sqrt(count - 1))),
  }
}

/**
 * The distance without any covariance: with A = Xᵀ X and B = Yᵀ Y, tr((A B)^(1/2)) is the sum of the singular
 * values of X Yᵀ, which are the roots of the eigenvalues of its square, of the size of the sets.
 */
function distanceOfSets(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  const [x, y] = [centred(a), centred(b)]
  const cross = x.rows.map((row) => y.rows.map((other) => dot(row, other)))
  const square = cross.map((row) => cross.map((other) => dot(row, other)))
  const singular = symmetricEigen(square).map(({ value }) => Math.sqrt(Math.max(0, value)))
  const variance = (rows: readonly number[][]) => rows.reduce((sum, row) => sum + dot(row, row), 0)
  const shift = x.mean.map((value, i) => value - y.mean[i])
  return dot(shift, shift) + variance(x.rows) + variance(y.rows) - 2 * singular.reduce((sum, s) => sum + s)
}

describe('the Fréchet distance with fewer pictures than features', () => {
  it.each([2, 5])('is that of the sets themselves, seed %i', (seed) => {
    const [a, b] = [draw(seed), draw(seed + 100)]
    const exact = distanceOfSets(a, b)
    expect(finish(frechetDistance(momentsOf(a), momentsOf(b))) / exact).toBeCloseTo(1, 8)
  })

  it.each([0, 5])(
    'is that of the sets to five digits from moments in single precision, in either order, seed %i (would catch NaN and wrong digits from dividing by rounding errors)',
    (seed) => {
      const [a, b] = [draw(seed), draw(seed + 100)]
      const exact = distanceOfSets(a, b)
      const [rounded, other] = [inSinglePrecision(momentsOf(a)), momentsOf(b)]
      expect(finish(frechetDistance(rounded, other)) / exact).toBeCloseTo(1, 6)
      expect(finish(frechetDistance(other, rounded)) / exact).toBeCloseTo(1, 6)
      expect(finish(frechetDistance(rounded, rounded))).toBeCloseTo(0, 4)
      expect(finish(frechetDistance(rounded, momentsOf(a)))).toBeCloseTo(0, 4)
    },
  )

  it('is (c - 1)² times the mean square of a set to that set times c', () => {
    const a = draw(2)
    const scaled = a.map((vector) => vector.map((value) => 4 * value))
    const { mean, rows } = centred(a)
    const square = dot(mean, mean) + rows.reduce((sum, row) => sum + dot(row, row), 0)
    expect(finish(frechetDistance(momentsOf(a), momentsOf(scaled)))).toBeCloseTo(9 * square, 6)
  })

  it('is refused for NaN and infinity (would catch NaN as a result)', () => {
    const good = momentsOf(draw(1))
    for (const value of [NaN, Infinity]) {
      const mean = good.mean.with(3, value)
      const covariance = good.covariance.with(3, value)
      expect(() => finish(frechetDistance(good, { ...good, mean }))).toThrow(/hold NaN or infinity.*again/)
      expect(() => finish(frechetDistance(good, { ...good, covariance }))).toThrow(RangeError)
      expect(() => finish(frechetDistance({ ...good, covariance }, good))).toThrow(RangeError)
    }
  })
})

it('semidefiniteFactor has as many rows as the covariance has rank, and gives it back', () => {
  const { covariance } = momentsOf(draw(3))
  const rows = finish(semidefiniteFactor(covariance, size))
  expect(rows).toHaveLength(count - 1)
  for (const [i, j] of [
    [0, 0],
    [0, 127],
    [64, 31],
  ]) {
    const product = rows.reduce((sum, row) => sum + row[i] * row[j], 0)
    expect(product).toBeCloseTo(covariance[i * size + j], 12)
  }
})
