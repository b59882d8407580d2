import { DomainError } from '../DomainError'
import type { Tensor } from './tensor'

/**
 * Computes out = sum of coefficients[k] * tensors[k] element by element, in float64 and rounded to float32
 * once. All tensors have one shape; `out` may be one of them.
 *
 * @throws DomainError  when the sizes differ
 */
export function linearCombination(
  coefficients: readonly number[],
  tensors: readonly Tensor[],
  out: Tensor,
): Tensor {
  const terms = tensors.map(({ data }) => data)
  const target = out.data
  for (const term of terms) {
    if (term.length !== target.length) {
      throw new DomainError(`Cannot combine tensors of ${term.length} and ${target.length} values.`)
    }
  }
  // The two cases that nearly every step uses are unrolled: the general loop takes twice the time.
  if (terms.length === 2) combineTwo(coefficients, terms, target)
  else if (terms.length === 3) combineThree(coefficients, terms, target)
  else combineAny(coefficients, terms, target)
  return out
}

type Combine = (coefficients: readonly number[], terms: readonly Float32Array[], out: Float32Array) => void

const combineTwo: Combine = ([a, b], [x, y], out) => {
  for (let i = 0; i < out.length; i++) out[i] = a * x[i] + b * y[i]
}

const combineThree: Combine = ([a, b, c], [x, y, z], out) => {
  for (let i = 0; i < out.length; i++) out[i] = a * x[i] + b * y[i] + c * z[i]
}

const combineAny: Combine = (coefficients, terms, out) => {
  for (let i = 0; i < out.length; i++) {
    let sum = 0
    for (let k = 0; k < terms.length; k++) sum += coefficients[k] * terms[k][i]
    out[i] = sum
  }
}
