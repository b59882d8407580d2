/** Vectors of one size, one per picture. */
export type Features = readonly Float32Array[]

/** About how many multiplications a short step makes: some 20 milliseconds of them. */
const workPerStep = 2e7

/** More rows a step would only take more memory. */
const mostRows = 8

/**
 * Returns how many rows of a matrix of products with these vectors are computed in one short step: an even
 * number, because {@link multiplyRows} takes them in pairs.
 */
export function rowsPerStep(others: Features): number {
  const pairs = Math.floor(workPerStep / (2 * others.length * others[0].length))
  return Math.max(2, Math.min(2 * pairs, mostRows))
}

/**
 * Writes the dot products of vectors `from` to, but not including, `to` with the first `count` of the others.
 * They are computed two by two, which takes less than half as long as one by one and changes no bit of them.
 *
 * @param out  receives the products, row-major: one row of `count` values for each of the vectors
 */
export function multiplyRows(
  { vectors, from, to }: { readonly vectors: Features; readonly from: number; readonly to: number },
  others: Features,
  count: number,
  out: Float64Array,
): void {
  const [rows, last] = [to - from, count - 1]
  for (let i = 0; i < rows; i += 2) {
    // A single vector at the end is paired with itself.
    const below = Math.min(i + 1, rows - 1)
    for (let j = 0; j < count; j += 2) {
      const beside = Math.min(j + 1, last)
      const places = [i * count + j, i * count + beside, below * count + j, below * count + beside] as const
      multiplyPairs([vectors[from + i], vectors[from + below]], [others[j], others[beside]], out, places)
    }
  }
}

function multiplyPairs(
  [a, b]: readonly [Float32Array, Float32Array],
  [x, y]: readonly [Float32Array, Float32Array],
  out: Float64Array,
  [ax, ay, bx, by]: readonly [number, number, number, number],
): void {
  let [sumAx, sumAy, sumBx, sumBy] = [0, 0, 0, 0]
  for (let k = 0; k < a.length; k++) {
    sumAx += a[k] * x[k]
    sumAy += a[k] * y[k]
    sumBx += b[k] * x[k]
    sumBy += b[k] * y[k]
  }
  out[ax] = sumAx
  out[ay] = sumAy
  out[bx] = sumBx
  out[by] = sumBy
}

/** Returns the dot product of each vector with itself, added up in the same order as in {@link multiplyRows}. */
export function squaredNorms(vectors: Features): Float64Array {
  return Float64Array.from(vectors, (vector) => {
    let sum = 0
    for (let k = 0; k < vector.length; k++) sum += vector[k] * vector[k]
    return sum
  })
}
