import { describe, expect, it } from 'vitest'
import { createGaussian, createKeyedGaussian, type Gaussian } from '#core/random/gaussian'

function take(sequence: Gaussian, count: number): Float32Array {
  const values = new Float32Array(count)
  sequence.fill(values)
  return values
}

function draw(seed: number, count: number): Float32Array {
  return take(createGaussian(seed), count)
}

function correlation(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index], 0) / a.length
}

describe('createGaussian', () => {
  // SplitMix64, xoshiro128** and the polar method, computed in Python with integers and 60-digit decimals;
  // nine digits identify a float32.
  it.each([
    [0, [-0.260583907, -0.799968958, -0.747302353, -0.531485498]],
    [1, [0.755584955, 1.27191925, 2.06075811, -0.311839581]],
    [Number.MAX_SAFE_INTEGER, [0.597234309, 0.623321414, 0.537577927, -1.08382332]],
  ])(
    'starts with the reference draws for seed %i (would catch any change to the sequence)',
    (seed, expected) => {
      expect([...draw(seed, expected.length)]).toEqual(expected.map(Math.fround))
    },
  )

  it('does not depend on how draws are split into calls (would catch a discarded spare draw)', () => {
    const pieces = createGaussian(7)
    const joined = [1, 2, 5, 3].flatMap((count) => {
      const piece = new Float32Array(count)
      pieces.fill(piece)
      return [...piece]
    })
    expect(joined).toEqual([...draw(7, 11)])
  })

  it('has the moments and tails of N(0, 1) (would catch a wrong logarithm or a missing half of the range)', () => {
    const values = draw(3, 400_000)
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length
    expect(moment(1)).toBeCloseTo(0, 2)
    expect(moment(2)).toBeCloseTo(1, 1.7)
    expect(moment(3)).toBeCloseTo(0, 1.7)
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.06)
    // P(|x| > 3) = 0.0026998
    const outside = values.filter((value) => Math.abs(value) > 3).length / values.length
    expect(Math.abs(outside - 0.0026998)).toBeLessThan(0.0004)
  })

  it('gives neighbouring seeds uncorrelated draws (would catch seeding with the raw number)', () => {
    expect(Math.abs(correlation(draw(100, 20_000), draw(101, 20_000)))).toBeLessThan(0.03)
  })

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses the seed %d', (seed) => {
    expect(() => createGaussian(seed)).toThrow(RangeError)
  })
})

describe('createKeyedGaussian', () => {
  // The same Python code as above, with the key mixed in by SplitMix64's output function.
  it.each([
    [
      [0, 0, 0],
      [-0.876579174, -0.874644577, 1.57757776, -0.0778332829],
    ],
    [
      [1, 2, 3],
      [-0.408335244, -0.297303492, -0.313445159, 0.586418865],
    ],
    [
      [1, 3, 2],
      [0.446043358, 0.165088891, 0.485945313, -0.389646622],
    ],
    [
      [Number.MAX_SAFE_INTEGER, 7, 49],
      [0.708311155, -1.91570551, 2.10193559, 1.51581196],
    ],
  ])(
    'starts with the reference draws for key %j (would catch any change to the sequence)',
    (key, expected) => {
      expect([...take(createKeyedGaussian(key), expected.length)]).toEqual(expected.map(Math.fround))
    },
  )

  it('gives uncorrelated draws for keys that differ in one part and for the plain seed (would catch noise that repeats x_T)', () => {
    const sequences = [
      [3, 0, 0],
      [4, 0, 0],
      [3, 1, 0],
      [3, 0, 1],
    ].map((key) => createKeyedGaussian(key))
    const draws = [...sequences, createGaussian(3)].map((sequence) => take(sequence, 20_000))
    for (const [i, a] of draws.entries()) {
      for (const b of draws.slice(i + 1)) expect(Math.abs(correlation(a, b))).toBeLessThan(0.03)
    }
  })

  it.each([-1, 0.5, 2 ** 53])('refuses the key part %d', (part) => {
    expect(() => createKeyedGaussian([0, part])).toThrow(RangeError)
  })
})
