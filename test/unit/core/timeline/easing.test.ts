import { describe, expect, it } from 'vitest'
import { easings, type Easing } from '#core/timeline/easing'
import { ease, easingHandles } from '#core/timeline/easing'

const times = Array.from({ length: 101 }, (_, i) => i / 100)
const paceAt = (easing: Easing, from: number, to: number) =>
  (ease(easing, to) - ease(easing, from)) / (to - from)

describe('ease', () => {
  it.each(easings)(
    '%s starts at 0, ends at 1 and never goes back (would catch a frame shown twice)',
    (easing) => {
      expect(ease(easing, 0)).toBe(0)
      expect(ease(easing, 1)).toBe(1)
      for (const time of times.slice(1)) expect(ease(easing, time)).toBeGreaterThan(ease(easing, time - 0.01))
    },
  )

  it('linear is time itself, to the bit', () => {
    for (const time of times) expect(ease('linear', time)).toBe(time)
  })

  it('easeOut is easeIn backwards, easeInOut its own mirror image (would catch in and out swapped)', () => {
    for (const time of times) {
      expect(ease('easeOut', time)).toBeCloseTo(1 - ease('easeIn', 1 - time), 12)
      expect(ease('easeInOut', time)).toBeCloseTo(1 - ease('easeInOut', 1 - time), 12)
    }
  })

  it.each([
    ['easeIn', 0, 1],
    ['easeOut', 1, 0],
    ['easeInOut', 0, 0],
  ] as const)(
    '%s has pace %d at its start and %d at its end, so that segments join smoothly',
    (easing, start, end) => {
      expect(paceAt(easing, 0, 1e-6)).toBeCloseTo(start, 4)
      expect(paceAt(easing, 1 - 1e-6, 1)).toBeCloseTo(end, 4)
    },
  )

  it.each([-0.1, 1.1, NaN])('refuses %d', (time) => {
    expect(() => ease('linear', time)).toThrow(RangeError)
  })
})

describe('the handles that draw an easing', () => {
  it.each(easings)('of %s give the curve that is played (would catch a drawing of another)', (easing) => {
    const [x1, y1, x2, y2] = easingHandles(easing)
    const bezier = (u: number, a: number, b: number) =>
      3 * (1 - u) ** 2 * u * a + 3 * (1 - u) * u ** 2 * b + u ** 3
    for (const u of times) expect(bezier(u, y1, y2)).toBeCloseTo(ease(easing, bezier(u, x1, x2)), 12)
  })
})
