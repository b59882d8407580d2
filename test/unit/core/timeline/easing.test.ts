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
    '%s starts at 0, ends at 1 and always increases (would catch a frame shown twice)',
    (easing) => {
      expect(ease(easing, 0)).toBe(0)
      expect(ease(easing, 1)).toBe(1)
      for (const time of times.slice(1)) expect(ease(easing, time)).toBeGreaterThan(ease(easing, time - 0.01))
    },
  )

  it('hold stays at 0 and jumps to 1 at the end', () => {
    expect(times.map((time) => ease('hold', time))).toEqual(times.map((time) => (time < 1 ? 0 : 1)))
  })

  it.each(drawn)(
    'with handles %d, %d, %d, %d runs from 0 to 1 and never decreases (would catch a film that runs backwards)',
    (...handles) => {
      expect([ease(handles, 0), ease(handles, 1)]).toEqual([0, 1])
      const way = times.map((time) => ease(handles, time))
      for (const [at, value] of way.entries()) {
        expect(value).toBeGreaterThanOrEqual(way[at - 1] ?? 0)
        expect(value).toBeLessThanOrEqual(1)
      }
    },
  )

  it('matches the CSS curve "ease", computed from the closed form of its x and y', () => {
    const [x1, y1, x2, y2] = [0.25, 0.1, 0.25, 1] as const
    for (const u of times) {
      const of = (a: number, b: number) => 3 * (1 - u) ** 2 * u * a + 3 * (1 - u) * u ** 2 * b + u ** 3
      expect(ease([x1, y1, x2, y2], of(x1, x2))).toBeCloseTo(of(y1, y2), 9)
    }
  })

  it('linear returns the time itself, bit for bit', () => {
    for (const time of times) expect(ease('linear', time)).toBe(time)
  })

  it('easeOut is easeIn in reverse, and easeInOut is its own mirror image (would catch an easeOut unlike easeIn)', () => {
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
    '%s has speed %d at its start and %d at its end, so that segments join smoothly',
    (easing, start, end) => {
      expect(paceAt(easing, 0, 1e-6)).toBeCloseTo(start, 4)
      expect(paceAt(easing, 1 - 1e-6, 1)).toBeCloseTo(end, 4)
    },
  )

  it.each([-0.1, 1.1, NaN])('refuses the time %d', (time) => {
    expect(() => ease('linear', time)).toThrow(RangeError)
  })
})

describe('the Bézier handles of an easing', () => {
  it.each(curves)(
    'draw the same curve that is played for %s (would catch drawing a different curve)',
    (easing) => {
      const [x1, y1, x2, y2] = easingHandles(easing)!
      const bezier = (u: number, a: number, b: number) =>
        3 * (1 - u) ** 2 * u * a + 3 * (1 - u) * u ** 2 * b + u ** 3
      for (const u of times) expect(bezier(u, y1, y2)).toBeCloseTo(ease(easing, bezier(u, x1, x2)), 12)
    },
  )
})
