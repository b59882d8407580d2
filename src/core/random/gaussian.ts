import { DomainError } from '../DomainError'

/**
 * Seeded draws from N(0, 1): the same bits for the same seed on every platform, forever.
 *
 * Nothing here depends on how a platform rounds. The generator is xoshiro128** (Blackman & Vigna 2021) in
 * 32-bit integers, seeded through SplitMix64 as its authors advise. The transform is Marsaglia's polar
 * method. IEEE 754 rounds its square root exactly; its logarithm is implemented below with additions,
 * multiplications and divisions, because `Math.log` is implementation-defined. Draws are computed in float64
 * and stored as float32.
 */

/** A sequence of draws from N(0, 1), each made once, in order. */
export interface Gaussian {
  /** Fills `out` with the next draws. How the sequence is split into calls makes no difference. */
  fill(out: Float32Array): void
}

function rotateLeft(x: number, count: number): number {
  return (x << count) | (x >>> (32 - count))
}

/** The increment between states of SplitMix64 (Steele, Lea & Flood 2014). */
const goldenGamma = 0x9e3779b97f4a7c15n

/** The output function of SplitMix64: a one-to-one mapping of 64-bit words. */
function scramble(word: bigint): bigint {
  let z = word
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn)
  return z ^ (z >> 31n)
}

/** Returns the first four 32-bit words of SplitMix64. */
function splitMix(start: bigint): Int32Array {
  const words = new Int32Array(4)
  let state = start
  for (let i = 0; i < 4; i += 2) {
    state = BigInt.asUintN(64, state + goldenGamma)
    const z = scramble(state)
    words[i] = Number(BigInt.asIntN(32, z))
    words[i + 1] = Number(BigInt.asIntN(32, z >> 32n))
  }
  return words
}

/** Creates a xoshiro128** generator, which returns the next signed 32-bit integer on every call. */
function createIntegers(start: bigint): () => number {
  const s = splitMix(start)
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9)
    const shifted = s[1] << 9
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= shifted
    s[3] = rotateLeft(s[3], 11)
    return result
  }
}

/**
 * Returns ln x for 0 < x < 1. With x = m 2^e and m in [sqrt(1/2), sqrt(2)), ln m = 2 atanh((m - 1) / (m + 1))
 * by its series, whose first omitted term is below 1e-18.
 */
function logarithm(x: number): number {
  let mantissa = x
  let exponent = 0
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2
    exponent--
  }
  const z = (mantissa - 1) / (mantissa + 1)
  const square = z * z
  let series = 0
  for (let k = 21; k >= 1; k -= 2) series = series * square + 1 / k
  return 2 * z * series + exponent * Math.LN2
}

/** @throws DomainError for anything but a whole number from 0 to 2^53 - 1 */
function requireWhole(name: string, value: number): bigint {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new DomainError(`The ${name} ${value} must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`)
  }
  return BigInt(value)
}

/**
 * Starts the sequence of a seed.
 *
 * @param seed  a whole number from 0 to 2^53 - 1
 * @throws DomainError  for any other seed
 */
export function createGaussian(seed: number): Gaussian {
  return startSequence(requireWhole('seed', seed))
}

/**
 * Starts the sequence of a key of whole numbers, such as (seed, item, step). The parts are hashed together
 * one by one, so the sequences of different keys are independent of one another and of those of bare seeds.
 *
 * @param key  whole numbers from 0 to 2^53 - 1; their order matters
 * @throws DomainError  for any other number
 */
export function createKeyedGaussian(key: readonly number[]): Gaussian {
  return startSequence(startOf(key))
}

/**
 * Starts a sequence of uniform draws on (0, 1) for a key, independent of those of every other key.
 *
 * @param key  whole numbers from 0 to 2^53 - 1; their order matters
 * @throws DomainError  for any other number
 */
export function createKeyedUniform(key: readonly number[]): () => number {
  const nextInteger = createIntegers(startOf(key))
  return () => ((nextInteger() >>> 0) + 0.5) * 2 ** -32
}

function startOf(key: readonly number[]): bigint {
  return key.reduce(
    (word, part) => scramble(BigInt.asUintN(64, word + goldenGamma) ^ requireWhole('key part', part)),
    0n,
  )
}

function startSequence(start: bigint): Gaussian {
  const nextInteger = createIntegers(start)
  /** Uniform on (-1, 1), halfway between two multiples of 2^-31 and therefore never 0. */
  const uniform = () => (nextInteger() + 0.5) * 2 ** -31
  let spare: number | null = null

  function next(): number {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    for (;;) {
      const u = uniform()
      const v = uniform()
      const s = u * u + v * v
      if (s < 1) {
        const factor = Math.sqrt((-2 * logarithm(s)) / s)
        spare = v * factor
        return u * factor
      }
    }
  }

  return {
    fill(out) {
      for (let i = 0; i < out.length; i++) out[i] = next()
    },
  }
}
