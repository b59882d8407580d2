import { roundHalfToEven } from './roundHalfToEven'

/** float16 (IEEE 754 binary16): 1 sign bit, 5 exponent bits (bias 15) and 10 fraction bits. */

/** Returns exactly the number that 16 bits represent. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/**
 * Converts numbers to float16, rounding to nearest with ties to even; numbers that are too large become
 * infinite.
 *
 * @returns the bits of each
 */
export function toHalf(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, halfBits)
}

/** Exponent of the smallest normal float16, 2^-14; below it, the spacing is always 2^-24. */
const smallestNormalExponent = -14

function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.min(Math.abs(value), 2 ** 16)
  const exponent = Math.max(smallestNormalExponent, Math.floor(Math.log2(size)))
  const steps = roundHalfToEven(size / 2 ** (exponent - 10))
  // If the mantissa rounds up to the next power of two, this addition carries into the exponent.
  const bits = ((exponent - smallestNormalExponent) << 10) + steps
  return sign | (size === 0 ? 0 : Math.min(bits, 0x7c00))
}
