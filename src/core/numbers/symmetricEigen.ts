/** An eigenvalue of a matrix and its eigenvector of length 1. */
export interface EigenPair {
  readonly value: number
  readonly vector: readonly number[]
}

const mostSweeps = 50

/**
 * Returns the eigenvalues and eigenvectors of a small symmetric matrix, largest eigenvalue first, by Jacobi
 * rotations (Golub and Van Loan, "Matrix Computations", section 8.5): accurate to rounding, and fast enough
 * for a few dozen rows.
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): EigenPair[] {
  const size = matrix.length
  const a = matrix.map((row) => [...row])
  const vectors = matrix.map((_, i) => matrix.map((_row, k) => (i === k ? 1 : 0)))
  const scale = Math.hypot(...a.flat())
  for (let sweep = 0; sweep < mostSweeps && offDiagonal(a) > Number.EPSILON * scale; sweep++) {
    for (let p = 0; p < size - 1; p++) {
      for (let q = p + 1; q < size; q++) rotate(a, vectors, p, q)
    }
  }
  return a
    .map((row, i) => ({ value: row[i], vector: vectors.map((vector) => vector[i]) }))
    .sort((one, other) => other.value - one.value)
}

function offDiagonal(a: readonly (readonly number[])[]): number {
  return Math.hypot(...a.flatMap((row, i) => row.filter((_, k) => k !== i)))
}

/** Rotates rows and columns p and q so that element (p, q) becomes 0. */
function rotate(a: number[][], vectors: number[][], p: number, q: number): void {
  if (a[p][q] === 0) return
  const slope = (a[q][q] - a[p][p]) / (2 * a[p][q])
  const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.hypot(slope, 1))
  const cosine = 1 / Math.hypot(tangent, 1)
  const sine = tangent * cosine
  for (const row of a) turn(row, p, q, [cosine, sine])
  for (let k = 0; k < a.length; k++) {
    const [first, second] = [a[p][k], a[q][k]]
    a[p][k] = cosine * first - sine * second
    a[q][k] = sine * first + cosine * second
  }
  for (const row of vectors) turn(row, p, q, [cosine, sine])
}

function turn(row: number[], p: number, q: number, [cosine, sine]: readonly [number, number]): void {
  const [first, second] = [row[p], row[q]]
  row[p] = cosine * first - sine * second
  row[q] = sine * first + cosine * second
}
