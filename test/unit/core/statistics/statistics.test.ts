import { describe, expect, it } from 'vitest'
import { createGaussian, createKeyedUniform } from '#core/random/gaussian'
import { frechetDistance, MomentSums } from '#core/statistics/frechet'
import { kernelDistance } from '#core/statistics/kernelDistance'
import { precisionAndRecall } from '#core/statistics/precisionAndRecall'
import { drawDirections, slicedWasserstein } from '#core/statistics/slicedWasserstein'
import { symmetricEigenvalues } from '#core/statistics/symmetricEigenvalues'
import type { ShortSteps } from '#core/statistics/shortSteps'
import { finish } from './finish'

function draw(count: number, size: number, seed: number, map = (x: number, _i: number) => x): Float32Array[] {
  const gaussian = createGaussian(seed)
  return Array.from({ length: count }, () => {
    const vector = new Float32Array(size)
    gaussian.fill(vector)
    return vector.map(map)
  })
}

function momentsOf(set: readonly Float32Array[]) {
  const sums = new MomentSums(set[0].length)
  for (const vector of set) sums.add(vector)
  return sums.moments()
}

const uniform = createKeyedUniform([1])

describe('symmetricEigenvalues', () => {
  it('gives 2 - 2 cos(k pi / (n + 1)) for a second-difference matrix made dense by a reflection', () => {
    const n = 9
    // Conjugated by a reflection, which keeps the eigenvalues and makes the matrix dense.
    const v = Float64Array.from({ length: n }, (_, i) => Math.sin(i + 1))
    const norm = v.reduce((sum, x) => sum + x * x, 0)
    const h = (i: number, j: number) => (i === j ? 1 : 0) - (2 * v[i] * v[j]) / norm
    const t = (i: number, j: number) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)
    const entry = (i: number, j: number) => {
      let sum = 0
      for (let k = 0; k < n; k++) for (let l = 0; l < n; l++) sum += h(i, k) * t(k, l) * h(l, j)
      return sum
    }
    const matrix = Float64Array.from({ length: n * n }, (_, at) => entry(Math.floor(at / n), at % n))
    const values = [...finish(symmetricEigenvalues(matrix, n))].sort((a, b) => a - b)
    for (const [k, value] of values.entries()) {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 12)
    }
  })

  it('handles matrices of rank 0 and 1', () => {
    expect([...finish(symmetricEigenvalues(new Float64Array(16), 4))]).toEqual([0, 0, 0, 0])
    const ones = finish(symmetricEigenvalues(new Float64Array(16).fill(1), 4))
    expect(Math.max(...ones)).toBeCloseTo(4, 12)
    expect(ones.reduce((a, b) => a + b)).toBeCloseTo(4, 12)
  })
})

describe('the Fréchet distance', () => {
  it('is the sum over the axes for Gaussians with diagonal covariances', () => {
    const diagonal = (values: number[]) => {
      const covariance = new Float64Array(values.length ** 2)
      values.forEach((value, i) => (covariance[i * values.length + i] = value))
      return covariance
    }
    const a = { mean: Float64Array.of(0, 1, 2), covariance: diagonal([1, 4, 0]) }
    const b = { mean: Float64Array.of(0, 1, 5), covariance: diagonal([9, 1, 0.25]) }
    expect(finish(frechetDistance(a, b))).toBeCloseTo(9 + (1 - 3) ** 2 + (2 - 1) ** 2 + 0.5 ** 2, 12)
  })

  it('is symmetric, 0 from a set to itself and |shift|² to a shifted set, with fewer pictures than dimensions', () => {
    const set = draw(6, 10, 1)
    const moved = momentsOf(set.map((vector) => vector.map((x) => x + 3)))
    const own = momentsOf(set)
    expect(finish(frechetDistance(own, own))).toBeLessThan(1e-6)
    expect(finish(frechetDistance(own, moved))).toBeCloseTo(90, 4)
    const other = momentsOf(draw(7, 10, 2, (x, i) => x * (i + 1)))
    expect(finish(frechetDistance(own, other))).toBeCloseTo(finish(frechetDistance(other, own)), 4)
  })

  it('uses covariances that stay accurate for a mean far from 0 (would catch cancellation in the sums)', () => {
    const near = momentsOf(draw(50, 3, 3))
    const far = momentsOf(draw(50, 3, 3).map((vector) => vector.map((x) => x + 4096)))
    expect(far.covariance[0]).toBeCloseTo(near.covariance[0], 3)
  })
})

describe('the kernel distance', () => {
  it('is near 0 for two sets from the same distribution, and large for a shifted set', () => {
    expect(Math.abs(finish(kernelDistance(draw(200, 8, 1), draw(200, 8, 2), uniform)))).toBeLessThan(0.05)
    const moved = draw(200, 8, 2, (x) => x + 2)
    expect(finish(kernelDistance(draw(200, 8, 1), moved, uniform))).toBeGreaterThan(1)
  })

  it('excludes pairs of a picture with itself, checked by hand for two sets of two', () => {
    const [a, b] = [[1, 2].map((x) => Float32Array.of(x)), [0, 3].map((x) => Float32Array.of(x))]
    const k = (x: number, y: number) => (x * y + 1) ** 3
    const across = (k(1, 0) + k(1, 3) + k(2, 0) + k(2, 3)) / 4
    expect(finish(kernelDistance(a, b, uniform))).toBeCloseTo(k(1, 2) + k(0, 3) - 2 * across, 10)
  })
})

describe('precision and recall', () => {
  it('distinguish a set that lost a mode (recall 0.5) from a set with a wrong mode (precision 0.5)', () => {
    const real = [...draw(60, 2, 1), ...draw(60, 2, 2, (x) => x + 40)]
    expect(finish(precisionAndRecall(real, draw(120, 2, 3)))).toMatchObject({
      recall: expect.closeTo(0.5, 1),
    })
    const wrong = [...draw(60, 2, 4), ...draw(60, 2, 5, (x) => x - 40)]
    expect(finish(precisionAndRecall(real, wrong))).toMatchObject({ precision: expect.closeTo(0.5, 1) })
    expect(finish(precisionAndRecall(draw(9, 2, 1), draw(9, 2, 1)))).toEqual({ precision: 1, recall: 1 })
  })
})

describe('long calculations', () => {
  /** Returns the shares after the steps of a calculation. */
  const sharesOf = (steps: ShortSteps<unknown>): number[] => {
    const shares: number[] = []
    for (let step = steps.next(); !step.done; step = steps.next()) shares.push(step.value)
    return shares
  }
  const [a, b] = [draw(200, 40, 1), draw(120, 40, 2)]

  it.each([
    ['the Fréchet distance', () => frechetDistance(momentsOf(a), momentsOf(b)), 3 * 40],
    ['the kernel distance', () => kernelDistance(a, b, uniform), 320 / 8],
    ['precision and recall', () => precisionAndRecall(a, b), 320 / 8],
  ])(
    'take short steps, and tell truly how far they are: %s (would catch an engine killed as hung)',
    (_, steps, least) => {
      const shares = sharesOf(steps())
      expect(shares.length).toBeGreaterThanOrEqual(least - 3)
      expect(shares).toEqual([...shares].sort((x, y) => x - y))
      expect(shares.at(-1)).toBeGreaterThan(0.98)
      expect(shares.at(-1)).toBeLessThanOrEqual(1)
    },
  )
})

describe('precision and recall count a picture at the radius as inside, as eq. 2 of the paper does (would catch <)', () => {
  const lineOf = (...values: number[]) => values.map((value) => Float32Array.of(value, 0))

  it('among equal pictures, where all radii are 0', () => {
    const copies = Array.from({ length: 4 }, () => Float32Array.from([0.1, 0.7, 12345.6]))
    expect(finish(precisionAndRecall(copies, copies))).toEqual({ precision: 1, recall: 1 })
  })

  it('among pictures in a row, where the third neighbour of an end is the other end', () => {
    // The balls of 0 and 3 reach to -3 and to 6; those of the row from 6 to 9 reach back to 3.
    const [real, generated] = [lineOf(0, 1, 2, 3), lineOf(6, 7, 8, 9)]
    expect(finish(precisionAndRecall(real, generated))).toEqual({ precision: 0.25, recall: 0.25 })
  })
})

it('the kernel distance of more than 1,000 pictures takes short steps too, and tells how many subsets are done', () => {
  const steps = kernelDistance(draw(1001, 2, 1), draw(5, 2, 2), uniform)
  let [count, share] = [0, 0]
  // The first two of 100 subsets: 1,000 rows against each other, 5 against each other and 1,000 against 5.
  for (let step = steps.next(); !step.done && share < 0.02; step = steps.next()) {
    count++
    share = step.value
  }
  expect(count).toBe(2 * (1000 / 8 + 1 + 1000 / 8))
  expect(share).toBeCloseTo(0.02, 12)
})

describe('the sliced Wasserstein distance', () => {
  const directions = drawDirections(64, 5, [7])
  const projected = (set: readonly Float32Array[]) =>
    set.map((vector) =>
      Float32Array.from({ length: 64 }, (_, i) =>
        vector.reduce((sum, value, j) => sum + value * directions.data[i * 5 + j], 0),
      ),
    )

  it('is the root mean square shift along the directions for a shifted set, in any order', () => {
    const set = draw(40, 5, 1)
    const moved = set.map((vector) => vector.map((x, i) => x + (i === 2 ? 3 : 0))).reverse()
    const along = Array.from({ length: 64 }, (_, i) => 3 * directions.data[i * 5 + 2])
    const expected = Math.sqrt(along.reduce((sum, x) => sum + x * x, 0) / 64)
    expect(slicedWasserstein(projected(set), projected(moved))).toBeCloseTo(expected, 5)
  })

  it('is 0 between a set and the same set listed twice (would catch requiring sets of equal size)', () => {
    const set = draw(10, 5, 1)
    expect(slicedWasserstein(projected(set), projected([...set, ...set]))).toBeCloseTo(0, 6)
  })
})
