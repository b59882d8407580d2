/** A vector in either precision; sums over it are computed in float64. */
type Vector = Float32Array | Float64Array

/** Returns the dot product of two vectors of equal size. */
export function dot(a: Vector, b: Vector): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/** Adds a multiple of a vector to another one of its size. */
export function addScaled(to: Vector, factor: number, vector: Vector): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * vector[i]
}
