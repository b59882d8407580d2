import { expect, it } from 'vitest'
import { perceptualRamp } from '#engine/image/perceptualRamp'

/** Oklab's lightness, forwards: sRGB to LMS by the published matrices, whose inverse the ramp uses. */
function oklabLightness(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((value) => {
    const coded = value / 255
    return coded <= 0.04045 ? coded / 12.92 : ((coded + 0.055) / 1.055) ** 2.4
  })
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s
}

it('the ramp gets lighter in equal steps, so that it shows no edge where the data has none', () => {
  const lightness = perceptualRamp.map(oklabLightness)
  for (let i = 16; i < 256; i++) {
    // Rounding to eight bits matters most in the dark, where one level is a large step.
    expect(Math.abs(lightness[i] - 0.98 * (i / 255))).toBeLessThan(0.012)
  }
  expect(perceptualRamp[0]).toEqual([0, 0, 0])
})
