import { describe, expect, it } from 'vitest'
import type { Easing } from '#core/timeline/easing'
import { placesPath, speedPath, speedsOf } from '../../../../src/renderer/timeline/speedGraph'

const segment = (easing: Easing, fractions?: number[]) => ({
  frames: fractions ? fractions.length + 1 : 10,
  easing,
  interpolation: 'slerp' as const,
  fractions,
})
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('the speed of a segment', () => {
  it.each([
    ['linear', segment('linear')],
    ['a drawn curve', segment([0.8, 0, 0.2, 1])],
    ['a hold', segment('hold')],
    ['measured places', segment('linear', [0.1, 0.5, 0.9])],
  ])('averages 1 for %s, so that the whole segment is covered', (_name, one) => {
    expect(mean(speedsOf(one))).toBeCloseTo(1, 12)
  })

  it('is constant for linear, follows its formula for ease in, and is near zero at both stops for ease in and out', () => {
    for (const speed of speedsOf(segment('linear'))) expect(speed).toBeCloseTo(1, 9)
    const easeIn = speedsOf(segment('easeIn'))
    // With pace 0 and 1 at its ends, the polynomial 2 t^2 - t^3 has the slope 4 t - 3 t^2.
    for (const [at, speed] of easeIn.entries()) {
      const t = (at + 0.5) / easeIn.length
      expect(speed).toBeCloseTo(4 * t - 3 * t * t, 3)
    }
    const [first, last] = [speedsOf(segment('easeInOut'))[0], speedsOf(segment('easeInOut')).at(-1)!]
    expect([first < 0.1, last < 0.1]).toEqual([true, true])
  })

  it('is drawn within its box, whatever the curve', () => {
    for (const easing of ['hold', [0, 1, 0, 1], [1, 0, 1, 0]] as const) {
      const numbers = speedPath(speedsOf(segment(easing)), 100, 30)
        .match(/-?[\d.]+/g)!
        .map(Number)
      expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...numbers)).toBeLessThanOrEqual(100)
    }
    expect(placesPath([0.5], 10)).toBe('M0 10L5 5L10 0')
  })
})
