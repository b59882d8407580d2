import { DomainError } from '../DomainError'
import type { ShortSteps } from './shortSteps'

/**
 * Returns the eigenvalues of a symmetric matrix, in no particular order: Householder reduction to tridiagonal
 * form, then QL steps with implicit shifts (Golub & Van Loan, Matrix Computations, 8.3). O(n³), without
 * eigenvectors.
 *
 * @param matrix  [n, n], row-major; overwritten
 * @throws DomainError when the steps do not converge, as with NaN
 */
export function* symmetricEigenvalues(matrix: Float64Array, n: number): ShortSteps<Float64Array> {
  const work: Tridiagonal = {
    diagonal: new Float64Array(n),
    beside: new Float64Array(n),
    v: new Float64Array(n),
    p: new Float64Array(n),
  }
  for (let k = 0; k < n - 1; k++) {
    clearColumn(matrix, n, k, work)
    // Column k costs (n - k)² operations.
    yield 1 - (1 - (k + 1) / n) ** 3
  }
  work.diagonal[n - 1] = matrix[n * n - 1]
  for (let i = 0; i < n; i++) isolate(work.diagonal, work.beside, i)
  return work.diagonal
}

/** The diagonals of a symmetric tridiagonal matrix, `beside[i]` lying between rows i and i + 1, and space to work. */
interface Tridiagonal {
  readonly diagonal: Float64Array
  readonly beside: Float64Array
  readonly v: Float64Array
  readonly p: Float64Array
}

/** Clears column and row `k` beyond their neighbours of the diagonal, by a reflection of what follows them. */
function clearColumn(a: Float64Array, n: number, k: number, { diagonal, beside, v, p }: Tridiagonal): void {
  diagonal[k] = a[k * n + k]
  let norm = 0
  for (let i = k + 1; i < n; i++) norm = Math.hypot(norm, a[i * n + k])
  const first = a[(k + 1) * n + k]
  const alpha = first > 0 ? -norm : norm
  beside[k] = alpha
  if (norm === 0) return
  // H = I - 2 v vᵀ / (vᵀ v) takes column k to alpha e_{k+1}; A becomes H A H = A - v wᵀ - w vᵀ.
  for (let i = k + 1; i < n; i++) v[i] = a[i * n + k]
  v[k + 1] -= alpha
  const scale = 1 / (alpha * (alpha - first))
  let vp = 0
  for (let i = k + 1; i < n; i++) {
    let sum = 0
    for (let j = k + 1; j < n; j++) sum += a[i * n + j] * v[j]
    p[i] = sum * scale
    vp += v[i] * p[i]
  }
  const half = (vp * scale) / 2
  for (let i = k + 1; i < n; i++) p[i] -= half * v[i]
  for (let i = k + 1; i < n; i++) {
    for (let j = k + 1; j < n; j++) a[i * n + j] -= v[i] * p[j] + p[i] * v[j]
  }
}

const mostSteps = 100

/** Runs QL steps on rows `start` and below until `beside[start]` vanishes. */
function isolate(d: Float64Array, e: Float64Array, start: number): void {
  for (let step = 0; ; step++) {
    let end = start
    while (
      end < d.length - 1 &&
      Math.abs(e[end]) > Number.EPSILON * (Math.abs(d[end]) + Math.abs(d[end + 1]))
    )
      end++
    if (end === start) return
    if (step === mostSteps)
      throw new DomainError('The eigenvalues of a matrix do not converge: it holds NaN.')
    stepQl(d, e, start, end)
  }
}

/** Performs one QL step with Wilkinson's shift on the block from `start` to `end`. */
function stepQl(d: Float64Array, e: Float64Array, start: number, end: number): void {
  const g0 = (d[start + 1] - d[start]) / (2 * e[start])
  const r0 = Math.hypot(g0, 1)
  let g = d[end] - d[start] + e[start] / (g0 + (g0 >= 0 ? r0 : -r0))
  let [s, c, p] = [1, 1, 0]
  for (let i = end - 1; i >= start; i--) {
    const f = s * e[i]
    const b = c * e[i]
    const r = Math.hypot(f, g)
    e[i + 1] = r
    if (r === 0) {
      d[i + 1] -= p
      e[end] = 0
      return
    }
    s = f / r
    c = g / r
    g = d[i + 1] - p
    const t = (d[i] - g) * s + 2 * c * b
    p = s * t
    d[i + 1] = g + p
    g = c * t - b
  }
  d[start] -= p
  e[start] = g
  e[end] = 0
}
