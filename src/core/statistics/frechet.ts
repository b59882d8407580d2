import { DomainError } from '../DomainError'
import { addScaled, dot } from '../numbers/vectors'
import { semidefiniteFactor } from './semidefiniteFactor'
import { scaleProgress, type ShortSteps } from './shortSteps'
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
   * @throws DomainError for fewer than two vectors
   */
  moments(): Moments {
    const n = this.size
    if (this.#count < 2) throw new DomainError('A covariance takes two pictures at least.')
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
 * @throws DomainError when their sizes differ, or a moment is NaN or infinite
 */
export function* frechetDistance(a: Moments, b: Moments): ShortSteps<number> {
  const n = a.mean.length
  if (b.mean.length !== n)
    throw new DomainError(`Features of ${n} and of ${b.mean.length} values have no distance.`)
  const distance = [a, b].every(isFinite) ? yield* distanceOfFinite(a, b, n) : NaN
  if (Number.isFinite(distance)) return distance
  throw new DomainError(
    'The features or their statistics hold NaN or infinity, which have no Fréchet distance: compute them again, or name another network.',
  )
}

function isFinite({ mean, covariance }: Moments): boolean {
  return mean.every(Number.isFinite) && covariance.every(Number.isFinite)
}

function* distanceOfFinite(a: Moments, b: Moments, n: number): ShortSteps<number> {
  let sum = 0
  for (let i = 0; i < n; i++) {
    sum += (a.mean[i] - b.mean[i]) ** 2 + a.covariance[i * n + i] + b.covariance[i * n + i]
  }
  return Math.max(0, sum - 2 * (yield* traceOfRoot(a.covariance, b.covariance, n)))
}

/** Returns tr((A B)^(1/2)). With A = Fᵀ F, the other eigenvalues of A B than 0 are those of F B Fᵀ, which is symmetric. */
function* traceOfRoot(a: Float64Array, b: Float64Array, n: number): ShortSteps<number> {
  const factor = yield* scaleProgress(semidefiniteFactor(a, n), 0, 0.2)
  const product = yield* scaleProgress(conjugate(b, factor, n), 0.2, 0.7)
  const eigenvalues = yield* scaleProgress(symmetricEigenvalues(product, factor.length), 0.7, 1)
  return eigenvalues.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0)
}

/** Returns F B Fᵀ, row-major, for a symmetric B and the rows of F. */
function* conjugate(b: Float64Array, rows: readonly Float64Array[], n: number): ShortSteps<Float64Array> {
  const count = rows.length
  const out = new Float64Array(count * count)
  for (const [i, row] of rows.entries()) {
    const image = new Float64Array(n)
    for (let k = 0; k < n; k++) addScaled(image, row[k], b.subarray(k * n, (k + 1) * n))
    for (let j = 0; j <= i; j++) out[i * count + j] = out[j * count + i] = dot(image, rows[j])
    yield (i + 1) / count
  }
  return out
}
