import { describe, expect, it } from 'vitest'
import { evenPlaces, divideWideGaps, bisectWidestGaps } from '#core/timeline/evenTiming'
import { leapsIn, unevenness } from '#core/timeline/frameDistances'
import { hasSoundPlaces } from '#core/timeline/path'

/** The distance covered along a path by each place, and hence the distances of neighbours. */
type Progress = (place: number) => number
const measured = (progress: Progress, places: readonly number[]) => ({
  places,
  distances: places.slice(1).map((place, i) => Math.abs(progress(place) - progress(places[i]))),
})
const uniform = (gaps: number) => Array.from({ length: gaps + 1 }, (_, i) => i / gaps)

/** As in the engine: 8 gaps, then the widest are split, then distances are equalised. */
function time(progress: Progress, gaps: number): number[] {
  let sampled = measured(progress, uniform(Math.min(8, gaps)))
  for (;;) {
    const more = bisectWidestGaps(sampled, gaps - sampled.distances.length)
    if (more.length === 0) return evenPlaces(sampled, gaps)
    sampled = measured(
      progress,
      [...sampled.places, ...more].sort((a, b) => a - b),
    )
  }
}

const steep: Progress = (place) => Math.tanh((place - 0.83) * 80) + 0.2 * place
const paths: [name: string, progress: Progress, leaps: boolean][] = [
  ['a straight path', (place) => place, false],
  ['one that slows down', (place) => Math.sqrt(place), true],
  ['one with a steep but continuous step', steep, true],
  ['one with two', (place) => steep(place) + Math.tanh((place - 0.2) * 200), true],
  ['a smooth S', (place) => place * place * (3 - 2 * place), false],
]

describe('even timing', () => {
  it.each(paths)(
    'keeps every step below 1.6 times the mean, or 3 times on a path with leaps: %s',
    (_, progress, leaps) => {
      const before = measured(progress, uniform(60)).distances
      expect(leapsIn(before).length > 0).toBe(leaps)
      const places = time(progress, 60)
      expect(hasSoundPlaces({ frames: 60, fractions: places })).toBe(true)
      const after = measured(progress, [0, ...places, 1]).distances
      expect(unevenness(after)).toBeLessThan(leaps ? 3 : 1.6)
    },
  )

  it('keeps places valid on a path with a true jump (would catch coinciding places)', () => {
    const places = time((place) => (place < 1 / 3 ? 0 : 1), 60)
    expect(hasSoundPlaces({ frames: 60, fractions: places })).toBe(true)
  })

  it.each([1, 2, 3, 5])('works for %d gaps, fewer than the first sampling uses', (gaps) => {
    const places = time(steep, gaps)
    expect(places.length).toBe(gaps - 1)
    expect(hasSoundPlaces({ frames: gaps, fractions: places })).toBe(true)
  })

  it('keeps the places of a constant path evenly spaced (would catch 0 / 0)', () => {
    const places = time(() => 1, 10)
    expect(places).toHaveLength(9)
    places.forEach((place, i) => expect(place).toBeCloseTo((i + 1) / 10, 6))
  })
})

describe('unevenness', () => {
  it('is the largest distance divided by the mean distance', () => {
    expect(unevenness([1, 1, 4])).toBe(2)
    expect(unevenness([3, 3])).toBe(1)
    expect(unevenness([0, 0])).toBe(1)
  })
})

describe('divideWideGaps', () => {
  const seen = { places: [0, 0.2, 0.6, 1], distances: [1, 6, 3] }

  it('divides each gap wider than three quarters of a step into parts that are not', () => {
    // Five steps of a whole of 10 are 2 each: gaps of 6 and 3 become 4 and 2 parts.
    expect(divideWideGaps(seen, 5, 9)).toEqual([0.3, 0.4, 0.5, 0.8].map((place) => expect.closeTo(place)))
    expect(divideWideGaps(seen, 2, 9)).toEqual([expect.closeTo(0.4)])
    expect(divideWideGaps(seen, 1, 9)).toEqual([])
  })

  it('begins with the widest gaps if there are too many places, and splits none that is a hair wide', () => {
    expect(divideWideGaps(seen, 5, 2)).toEqual([0.3, 0.4].map((place) => expect.closeTo(place)))
    expect(divideWideGaps(seen, 5, 0)).toEqual([])
    expect(divideWideGaps({ places: [0, 0.5, 0.500001, 1], distances: [0, 9, 0] }, 10, 9)).toEqual([])
    // Parts are no narrower than that either.
    expect(divideWideGaps({ places: [0, 0.00003], distances: [9] }, 100, 99)).toHaveLength(2)
  })
})
