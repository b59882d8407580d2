import { symmetricEigenvalues } from './symmetricEigenvalues'

/** Mean [D] and covariance [D, D] of vectors. */
export interface Moments {
  readonly mean: Float64Array
  readonly covariance: Float64Array
}

/** Accumulates the moments of vectors that are added one by one. */
export class MomentSums {
  #count = 0
  readonly #shift: Float64Array
  readonly #sum: Float64Array
  readonly #products: Float64Array

  constructor(readonly size: number) {
    this.#shift = new Float64Array(size)
    this.#sum = new Float64Array(size)
    this.#products = new Float64Array(size * size)
  }

  add(vector: ArrayLike<number>): void {
    const n = this.size
    // Sums relative to the first vector lose no digits to a large mean.
    if (this.#count === 0) this.#shift.set(vector)
    this.#count++
    const centred = Float64Array.from({ length: n }, (_, i) => vector[i] - this.#shift[i])
    for (let i = 0; i < n; i++) {
      this.#sum[i] += centred[i]
      for (let j = 0; j <= i; j++) this.#products[i * n + j] += centred[i] * centred[j]
    }
  }

  /**
   * Returns the mean and the sample covariance, over N - 1.
   *
   * @throws RangeError for fewer than two vectors
   */
  moments(): Moments {
    const n = this.size
    if (this.#count < 2) throw new RangeError('A covariance takes two pictures at least.')
    const covariance = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const product = this.#products[i * n + j] - (this.#sum[i] * this.#sum[j]) / this.#count
        covariance[i * n + j] = covariance[j * n + i] = product / (this.#count - 1)
      }
    }
    return { mean: this.#sum.map((sum, i) => this.#shift[i] + sum / this.#count), covariance }
  }
}

/**
 * Returns the Fréchet distance of two Gaussians, |mA - mB|² + tr(A + B - 2 (A B)^(1/2)), which is FID if the
 * vectors are Inception's (Heusel et al. 2017, arXiv 1706.08500, eq. 6).
 *
 * @throws RangeError when their sizes differ
 */
export function frechetDistance(a: Moments, b: Moments): number {
  const n = a.mean.length
  if (b.mean.length !== n)
    throw new RangeError(`Features of ${n} and of ${b.mean.length} values have no distance.`)
  let distance = 0
  for (let i = 0; i < n; i++) {
    distance += (a.mean[i] - b.mean[i]) ** 2 + a.covariance[i * n + i] + b.covariance[i * n + i]
  }
  return Math.max(0, distance - 2 * traceOfRoot(a.covariance, b.covariance, n))
}

/** Returns tr((A B)^(1/2)). With A = L Lᵀ, the eigenvalues of A B are those of Lᵀ B L, which is symmetric. */
function traceOfRoot(a: Float64Array, b: Float64Array, n: number): number {
  const root = semidefiniteCholesky(a, n)
  const product = multiply(transpose(root, n), multiply(b, root, n), n)
  return symmetricEigenvalues(product, n).reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0)
}

/**
 * Pivots up to this, times the matrix size and the largest variance, are rounding errors, as with fewer
 * pictures than values.
 */
const rounding = 1e-14

/** Returns the lower triangular L with L Lᵀ = A for a positive semidefinite matrix A. */
function semidefiniteCholesky(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n)
  let largest = 0
  for (let i = 0; i < n; i++) largest = Math.max(largest, a[i * n + i])
  for (let j = 0; j < n; j++) {
    let pivot = a[j * n + j]
    for (let k = 0; k < j; k++) pivot -= l[j * n + k] ** 2
    if (pivot <= largest * rounding * n) continue
    const diagonal = Math.sqrt(pivot)
    l[j * n + j] = diagonal
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * n + j]
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k]
      l[i * n + j] = sum / diagonal
    }
  }
  return l
}

function transpose(a: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[j * n + i] = a[i * n + j]
  return out
}

function multiply(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    const row = out.subarray(i * n, (i + 1) * n)
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k]
      if (factor === 0) continue
      for (let j = 0; j < n; j++) row[j] += factor * b[k * n + j]
    }
  }
  return out
}
