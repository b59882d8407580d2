import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ribbonTokens } from '../../../../../src/renderer/views/timeline/drawRibbon'

const styles = join(import.meta.dirname, '../../../../../src/renderer/styles/tokens.css')

/** Returns a token's colour in a theme, as in `tokens.css`. */
function colourOf(token: string, theme: 'light' | 'dark'): string {
  const [, part] = readFileSync(styles, 'utf8').split(`(prefers-color-scheme: ${theme})`)
  return new RegExp(`${token}: (#[0-9a-f]{6});`).exec(part)![1]
}

/** Relative luminance of an sRGB colour, as WCAG 2.2 defines it. */
function luminanceOf(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrastOf(one: string, other: string): number {
  const [darker, lighter] = [one, other].map(luminanceOf).sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

it('measures contrast as WCAG does', () => {
  expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

describe.each(['light', 'dark'] as const)('the ribbon in the %s theme', (theme) => {
  it.each(['draft', 'final'] as const)(
    'tells a %s frame from one that is missing (would catch a line that cannot be seen)',
    (quality) => {
      const [shown, empty] = [ribbonTokens[quality], ribbonTokens.empty].map((token) =>
        colourOf(token, theme),
      )
      // The least for parts of a control, WCAG 2.2, 1.4.11.
      expect(contrastOf(shown, empty)).toBeGreaterThanOrEqual(3)
    },
  )
})
