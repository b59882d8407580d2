import { describe, expect, it } from 'vitest'
import { createTensor } from '#core/diffusion/tensor'
import { mapDifference } from '#engine/image/differenceMap'
import type { Pixels } from '#core/picture/pixels'

const lightness = ({ data }: Pixels, i: number) => data[i * 4] + data[i * 4 + 1] + data[i * 4 + 2]
const grey = (values: number[]) => createTensor([1, 1, 1, values.length], Float32Array.from(values))
const nothing = (count: number) => createTensor([1, 1, 1, count])

describe('mapDifference', () => {
  it('is black where nothing differs, lighter for larger differences, and the same for both signs', () => {
    const black = createTensor([1, 3, 1, 6], new Float32Array(18).fill(-1))
    const rising = createTensor(
      [1, 3, 1, 6],
      Float32Array.from({ length: 18 }, (_, i) => -1 + (i % 6) * 0.1),
    )
    const { pixels } = mapDifference(black, rising)
    expect(lightness(pixels, 0)).toBe(0)
    for (let i = 1; i < 6; i++) expect(lightness(pixels, i)).toBeGreaterThan(lightness(pixels, i - 1))
    expect(mapDifference(rising, black).pixels).toEqual(pixels)
  })

  it('scales small differences to the same brightness as large ones, and reports the difference at full brightness', () => {
    const ramp = Array.from({ length: 100 }, (_, i) => i / 100)
    const large = mapDifference(nothing(100), grey(ramp))
    const small = mapDifference(nothing(100), grey(ramp.map((value) => value / 16)))
    expect(small.pixels).toEqual(large.pixels)
    // The model's range has width 2, so 0.99 is 0.495 of the way from black to white.
    expect(large.brightest).toBeCloseTo(0.495, 6)
    expect(small.brightest).toBeCloseTo(0.495 / 16, 6)
  })

  it('is not darkened by a single outlier pixel', () => {
    const values = [...Array.from({ length: 999 }, () => 0.1), 2]
    const { pixels, brightest } = mapDifference(nothing(1000), grey(values))
    expect(brightest).toBeCloseTo(0.05, 6)
    expect(lightness(pixels, 0)).toBe(lightness(pixels, 999))
  })

  it('does not amplify differences that are too small for an 8-bit picture', () => {
    const { pixels, brightest } = mapDifference(nothing(4), grey([0, 0, 0, 1e-4]))
    expect(brightest).toBe(1 / 255)
    expect(lightness(pixels, 3)).toBeLessThan(30)
  })

  it('refuses pictures of different shapes', () => {
    expect(() => mapDifference(createTensor([1, 1, 2, 2]), createTensor([1, 1, 1, 4]))).toThrow(RangeError)
  })
})
