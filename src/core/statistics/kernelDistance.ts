import { type Features, multiplyRows, rowsPerStep } from './featureProducts'
import { scaleProgress, type ShortSteps } from './shortSteps'

/** The kernel distance of large sets is estimated as the mean over random subsets, as is usual. */
const subsetSize = 1000
const subsets = 100

/**
 * Returns the kernel distance: the unbiased estimate of the squared maximum mean discrepancy with the kernel
 * (x·y / D + 1)³, which is KID if the vectors are Inception's (Bińkowski et al. 2018, arXiv 1801.01401,
 * eq. 4). Up to 1,000 pictures it is computed over all of them; for larger sets it is the mean over 100
 * random subsets of 1,000.
 *
 * @param uniform  draws from (0, 1)
 */
export function* kernelDistance(a: Features, b: Features, uniform: () => number): ShortSteps<number> {
  if (a.length <= subsetSize && b.length <= subsetSize) return yield* discrepancy(a, b)
  let sum = 0
  for (let i = 0; i < subsets; i++) {
    const steps = discrepancy(choose(a, uniform), choose(b, uniform))
    sum += yield* scaleProgress(steps, i / subsets, (i + 1) / subsets)
  }
  return sum / subsets
}

function choose(all: Features, uniform: () => number): Features {
  const pool = [...all]
  const count = Math.min(subsetSize, pool.length)
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(uniform() * (pool.length - i))
    ;[pool[i], pool[j]] = [pool[j], pool[i]]
  }
  return pool.slice(0, count)
}

/** Adds up the kernel over the pairs within each set, which are half as many, and across. */
function* discrepancy(a: Features, b: Features): ShortSteps<number> {
  const withinA = yield* scaleProgress(sumOfPairs(a), 0, 0.25)
  const withinB = yield* scaleProgress(sumOfPairs(b), 0.25, 0.5)
  const across = yield* scaleProgress(
    sumOfKernel(a, b, () => b.length),
    0.5,
    1,
  )
  const meanWithin = (sum: number, { length }: Features) => (2 * sum) / (length * (length - 1))
  return meanWithin(withinA, a) + meanWithin(withinB, b) - (2 * across) / (a.length * b.length)
}

/** Adds up the kernel over all pairs of different vectors of a set. */
function sumOfPairs(set: Features): ShortSteps<number> {
  return sumOfKernel(set, set, (row) => row)
}

/** @param countOf  how many of `b`, from the first, row `i` of `a` is paired with */
function* sumOfKernel(a: Features, b: Features, countOf: (row: number) => number): ShortSteps<number> {
  const rows = rowsPerStep(b)
  const products = new Float64Array(rows * b.length)
  const size = a[0].length
  let sum = 0
  for (let from = 0; from < a.length; from += rows) {
    const to = Math.min(from + rows, a.length)
    const width = countOf(to - 1)
    multiplyRows({ vectors: a, from, to }, b, width, products)
    for (let i = from; i < to; i++) {
      const row = (i - from) * width
      for (let j = 0; j < countOf(i); j++) sum += (products[row + j] / size + 1) ** 3
    }
    yield to / a.length
  }
  return sum
}
