/** Vectors of one size, one per picture. */
export type Features = readonly Float32Array[]

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
export function kernelDistance(a: Features, b: Features, uniform: () => number): number {
  if (a.length <= subsetSize && b.length <= subsetSize) return discrepancy(a, b)
  let sum = 0
  for (let i = 0; i < subsets; i++) sum += discrepancy(choose(a, uniform), choose(b, uniform))
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

function discrepancy(a: Features, b: Features): number {
  const kernel = (x: Float32Array, y: Float32Array) => (dot(x, y) / x.length + 1) ** 3
  return meanOfPairs(a, kernel) + meanOfPairs(b, kernel) - 2 * meanAcross(a, b, kernel)
}

function meanOfPairs(set: Features, kernel: (x: Float32Array, y: Float32Array) => number): number {
  let sum = 0
  for (let i = 0; i < set.length; i++) for (let j = 0; j < i; j++) sum += kernel(set[i], set[j])
  return (2 * sum) / (set.length * (set.length - 1))
}

function meanAcross(a: Features, b: Features, kernel: (x: Float32Array, y: Float32Array) => number): number {
  let sum = 0
  for (const x of a) for (const y of b) sum += kernel(x, y)
  return sum / (a.length * b.length)
}

function dot(x: Float32Array, y: Float32Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i]
  return sum
}

function squaredDistance(x: Float32Array, y: Float32Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i] - y[i]) ** 2
  return sum
}

/** Which nearest neighbour's distance is the radius of a picture's ball. */
const neighbour = 3

/**
 * Returns improved precision and recall (Kynkäänniemi et al. 2019, arXiv 1904.06991): the share of
 * `generated` inside the balls around the real pictures, and the share of `real` inside those around the
 * generated ones. A ball reaches to the third-nearest picture of its own set.
 *
 * @throws RangeError for sets of three pictures or fewer
 */
export function precisionAndRecall(
  real: Features,
  generated: Features,
): { precision: number; recall: number } {
  const [realRadii, generatedRadii] = [radii(real), radii(generated)]
  const precise = new Uint8Array(generated.length)
  const recalled = new Uint8Array(real.length)
  for (const [i, x] of real.entries()) {
    for (const [j, y] of generated.entries()) {
      const distance = squaredDistance(x, y)
      if (distance < realRadii[i]) precise[j] = 1
      if (distance < generatedRadii[j]) recalled[i] = 1
    }
  }
  return { precision: mean(precise), recall: mean(recalled) }
}

/** Returns the squared distance of each vector to its third-nearest neighbour. */
function radii(set: Features): Float64Array {
  if (set.length <= neighbour) {
    throw new RangeError(`Precision and recall take more than ${neighbour} pictures on each side.`)
  }
  const nearest = set.map(() => Array<number>(neighbour).fill(Infinity))
  const offer = (list: number[], distance: number): void => {
    if (distance >= list[neighbour - 1]) return
    list[neighbour - 1] = distance
    list.sort((a, b) => a - b)
  }
  for (let i = 0; i < set.length; i++) {
    for (let j = 0; j < i; j++) {
      const distance = squaredDistance(set[i], set[j])
      offer(nearest[i], distance)
      offer(nearest[j], distance)
    }
  }
  return Float64Array.from(nearest, (list) => list[neighbour - 1])
}

function mean(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
