import { describe, expect, it } from 'vitest'
import { mapToPalette } from '#engine/animation/exporters/gif/dither'
import { createNearestColour, type Palette } from '#core/picture/nearestColour'
import { choosePalette } from '#core/picture/palette'
import type { Pixels } from '#core/picture/pixels'
import { gradient, noise, paint } from '../../../fixtures/paint'

function coloursOf(palette: Palette): number[][] {
  return Array.from({ length: palette.length / 3 }, (_, i) => [...palette.subarray(i * 3, i * 3 + 3)])
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0)
}

/** Root mean squared error if every pixel takes its nearest colour, found by comparing all of them. */
function errorOf({ data }: Pixels, colours: readonly number[][]): number {
  let sum = 0
  for (let at = 0; at < data.length; at += 4) {
    sum += Math.min(...colours.map((colour) => distance(colour, [...data.subarray(at, at + 3)])))
  }
  return Math.sqrt(sum / (data.length / 4) / 3)
}

describe('choosePalette', () => {
  it('keeps every colour of a picture with few, distinct colours', () => {
    const colours = Array.from({ length: 200 }, (_, i) => [(i * 83) % 256, (i * 151) % 256, (i * 29) % 256])
    const palette = choosePalette(paint(20, 10, (x, y) => [...colours[y * 20 + x], 255]))
    for (const colour of colours) expect(coloursOf(palette)).toContainEqual(colour)
  })

  it('returns 256 sorted integer colours for a picture that has more', () => {
    const colours = coloursOf(choosePalette(gradient(64, 64)))
    expect(colours).toHaveLength(256)
    const sums = colours.map(([red, green, blue]) => red + green + blue)
    expect(sums).toEqual([...sums].sort((a, b) => a - b))
    for (const value of colours.flat()) expect(value).toBe(Math.round(value))
  })

  it('fits a smooth picture more than three times better than the fixed 6 x 7 x 6 cube', () => {
    const picture = paint(48, 48, (x, y) => [60 + 3 * x, 200 - 3 * y, 100 + x + y, 255])
    const level = (step: number, steps: number) => (step * 255) / (steps - 1)
    const cube = Array.from({ length: 252 }, (_, i) => [
      level(i % 6, 6),
      level(Math.floor(i / 6) % 7, 7),
      level(Math.floor(i / 42), 6),
    ])
    expect(errorOf(picture, coloursOf(choosePalette(picture)))).toBeLessThan(errorOf(picture, cube) / 3)
  })
})

describe('createNearestColour', () => {
  it('finds a colour as close as an exhaustive search does, even outside the colour cube', () => {
    const palette = choosePalette(noise(64, 64))
    const nearest = createNearestColour(palette)
    const colours = coloursOf(palette)
    const targets = noise(20, 20, 99).data
    for (let at = 0; at < targets.length; at += 4) {
      const target = [...targets.subarray(at, at + 3)].map((value) => value * 2 - 128)
      const [red, green, blue] = target
      const least = Math.min(...colours.map((colour) => distance(colour, target)))
      expect(distance(colours[nearest(red, green, blue)], target)).toBe(least)
    }
  })
})

describe('mapToPalette', () => {
  it('does not dither colours that are in the palette', () => {
    const palette = Float64Array.of(0, 0, 0, 10, 10, 10, 200, 200, 200)
    const even = paint(16, 16, () => [10, 10, 10, 255])
    expect(new Set(mapToPalette(even, palette))).toEqual(new Set([1]))
  })

  it('dithers between the two nearest palette colours in proportion, so that no band is off by half a step', () => {
    const palette = Float64Array.of(100, 100, 100, 116, 116, 116)
    for (let value = 100; value <= 116; value++) {
      const even = paint(16, 16, () => [value, value, value, 255])
      const indices = mapToPalette(even, palette)
      const mean = 100 + (16 * indices.reduce((sum, index) => sum + index, 0)) / 256
      // Within a quarter of the step the nearest colour stays; in between, the mix is exact to 1/64 of it.
      const tolerance = Math.abs(value - 108) < 4 ? 0.25 : 4
      expect(Math.abs(mean - value)).toBeLessThanOrEqual(tolerance)
    }
  })
})
