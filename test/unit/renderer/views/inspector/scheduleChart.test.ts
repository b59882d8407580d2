import { describe, expect, it } from 'vitest'
import {
  curveTimesteps,
  schedulePoints,
  scheduleRange,
} from '../../../../../src/renderer/views/inspector/scheduleChart'

/** Flow matching mixes (1 - s) of the picture with s of noise, s from 1/T to 1: no signal is left at its end. */
const flow = Array.from({ length: 1000 }, (_, t) => {
  const s = (t + 1) / 1000
  return (1 - s) ** 2 / ((1 - s) ** 2 + s ** 2)
})
const everyTimestep = (levels: readonly number[]) => [...levels.keys()]

describe('the chart of a noise schedule', () => {
  it('goes from the top to the bottom between finite ends, evenly in decibels', () => {
    // 10 dB, 0 dB, -10 dB, -20 dB
    const levels = [10 / 11, 1 / 2, 1 / 11, 1 / 101]
    const points = schedulePoints(levels, everyTimestep(levels))
    for (const [at, { x, y }] of points.entries()) {
      expect(x).toBeCloseTo(at / 3, 12)
      expect(y).toBeCloseTo(at / 3, 12)
    }
    expect(scheduleRange(levels)).toBe('from 10 decibels to -20 decibels')
  })

  it('stays in its box for flow matching, whose end has no signal (would catch a curve of NaN)', () => {
    const points = schedulePoints(flow, everyTimestep(flow))
    expect(points[0]).toEqual({ x: 0, y: 0 })
    // As much picture as noise is halfway between the finite ends, which mirror each other.
    expect(points[499].y).toBeCloseTo(0.5, 9)
    expect(points[998].y).toBe(1)
    expect(points[999]).toEqual({ x: 1, y: 1 })
    expect(points.every(({ y }) => y >= 0 && y <= 1)).toBe(true)
    expect(scheduleRange(flow)).toBe('from 60 decibels to no signal')
  })

  it.each([[[1, 0.5, 0]], [[1, 0]], [[0.5, 0.5]], [[0.5]], [[0]]])(
    'has finite coordinates in its box for the levels %j',
    (levels) => {
      const points = schedulePoints(levels, curveTimesteps(levels.length))
      expect(points).toHaveLength(levels.length)
      for (const number of points.flatMap(({ x, y }) => [x, y])) {
        expect(number).toBeGreaterThanOrEqual(0)
        expect(number).toBeLessThanOrEqual(1)
      }
    },
  )

  it('names an end without noise and one without signal', () => {
    expect(scheduleRange([1, 0.5, 0])).toBe('from no noise to no signal')
  })
})
