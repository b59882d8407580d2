import { describe, expect, it } from 'vitest'
import { ease, easingHandles, easings, type BezierHandles, type Easing } from '#core/timeline/easing'

const times = Array.from({ length: 101 }, (_, i) => i / 100)
const paceAt = (easing: Easing, from: number, to: number) =>
  (ease(easing, to) - ease(easing, from)) / (to - from)

/** Curves with handles, including steep and flat ones. */
const drawn: readonly BezierHandles[] = [
  [0.25, 0.1, 0.25, 1],
  [0.8, 0, 0.2, 1],
  [0, 1, 1, 0],
  [1, 0, 0, 1],
  [0, 0, 0, 0],
]
const curves = easings.filter((easing) => easing !== 'hold')

describe('ease', () => {
  it.each(curves)(
    '%s starts at 0, ends at 1 and never goes back (would catch a frame shown twice)',
    (easing) => {
      expect(ease(easing, 0)).toBe(0)
      expect(ease(easing, 1)).toBe(1)
      for (const time of times.slice(1)) expect(ease(easing, time)).toBeGreaterThan(ease(easing, time - 0.01))
    },
  )

  it('hold stays at the start and jumps at the end', () => {
    expect(times.map((time) => ease('hold', time))).toEqual(times.map((time) => (time < 1 ? 0 : 1)))
  })

  it.each(drawn)(
    'handles %d, %d, %d, %d never go back and end where they should (would catch a film that runs backwards)',
    (...handles) => {
      expect([ease(handles, 0), ease(handles, 1)]).toEqual([0, 1])
      const way = times.map((time) => ease(handles, time))
      for (const [at, value] of way.entries()) {
        expect(value).toBeGreaterThanOrEqual(way[at - 1] ?? 0)
        expect(value).toBeLessThanOrEqual(1)
      }
    },
  )

  it('has the values of the CSS curve "ease", from the closed form of its x and y', () => {
    const [x1, y1, x2, y2] = [0.25, 0.1, 0.25, 1] as const
    for (const u of times) {
      const of = (a: number, b: number) => 3 * (1 - u) ** 2 * u * a + 3 * (1 - u) * u ** 2 * b + u ** 3
      expect(ease([x1, y1, x2, y2], of(x1, x2))).toBeCloseTo(of(y1, y2), 9)
    }
  })

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
  it.each(curves)('of %s give the curve that is played (would catch a drawing of another)', (easing) => {
    const [x1, y1, x2, y2] = easingHandles(easing)!
    const bezier = (u: number, a: number, b: number) =>
      3 * (1 - u) ** 2 * u * a + 3 * (1 - u) * u ** 2 * b + u ** 3
    for (const u of times) expect(bezier(u, y1, y2)).toBeCloseTo(ease(easing, bezier(u, x1, x2)), 12)
  })
})
