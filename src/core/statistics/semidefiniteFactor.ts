import { addScaled } from '../numbers/vectors'
import type { ShortSteps } from './shortSteps'

/**
 * Returns the rows of F with Fᵀ F = A for a positive semidefinite matrix A, as many as its rank: the Cholesky
 * decomposition with complete pivoting, which takes the largest remaining variance first (Higham, "Accuracy
 * and Stability of Numerical Algorithms", section 10.3). It ends where only rounding errors remain, as with
 * fewer pictures than features, instead of dividing by them.
 *
 * @param a  [n, n], row-major
 */
export function* semidefiniteFactor(a: Float64Array, n: number): ShortSteps<Float64Array[]> {
  const rows: Float64Array[] = []
  const taken = new Uint8Array(n)
  /** The variances that the rows so far leave. */
  const left = Float64Array.from({ length: n }, (_, i) => a[i * n + i])
  const negligible = n * Number.EPSILON * largestOf(left)
  while (rows.length < n) {
    const next = left.indexOf(largestOf(left))
    const row = a.slice(next * n, (next + 1) * n)
    for (const earlier of rows) addScaled(row, -earlier[next], earlier)
    // The others would be 0 without rounding.
    for (let i = 0; i < n; i++) if (taken[i]) row[i] = 0
    const variance = row[next]
    if (!(variance > negligible) || isNoise(row, variance)) break
    for (let i = 0; i < n; i++) {
      row[i] /= Math.sqrt(variance)
      left[i] -= row[i] ** 2
    }
    taken[next] = 1
    left[next] = 0
    rows.push(row)
    yield rows.length / n
  }
  return rows
}

/**
 * Whether a row of what remains is rounding errors: no covariance exceeds the largest variance, in whatever
 * precision a matrix was stored. The half more is for errors that are small beside it.
 */
function isNoise(row: Float64Array, variance: number): boolean {
  return row.some((value) => Math.abs(value) > 1.5 * variance)
}

function largestOf(values: Float64Array): number {
  return values.reduce((largest, value) => Math.max(largest, value), 0)
}
