import { describe, expect, it } from 'vitest'
import { linearAxis, logAxis } from '#core/format/chart/axis'

describe('logAxis', () => {
  it('ends at round numbers around the values', () => {
    expect(logAxis([20, 40, 100]).domain).toEqual([20, 100])
    expect(logAxis([19, 199]).domain).toEqual([10, 200])
    expect(logAxis([3e-5, 0.013]).domain).toEqual([2e-5, 0.02])
  })

  it('gives equal factors equal lengths, so that slopes show orders of convergence', () => {
    const { placeOf } = logAxis([1e-4, 1])
    expect(placeOf(1e-4).at).toBeCloseTo(0)
    expect(placeOf(1e-2).at).toBeCloseTo(0.5)
    expect(placeOf(1).at).toBeCloseTo(1)
  })

  it('labels 1, 2, 5 on a short axis and powers of ten on a long axis, and limits the number of labels', () => {
    expect(logAxis([20, 200]).ticks).toEqual([20, 50, 100, 200])
    expect(logAxis([1e-5, 1e-1]).ticks).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 1e-1])
    expect(logAxis([1e-15, 1]).ticks.length).toBeLessThanOrEqual(7)
    expect(logAxis([1e-15, 1]).ticks.length).toBeGreaterThanOrEqual(4)
  })

  it.each([
    ['of few steps', [20, 40], [20, 30, 40, 50]],
    ['of two counts that are ten times apart', [10, 100], [10, 20, 50, 100]],
    ['of errors that are alike', [1.1e-3, 1.9e-3], [1e-3, 1.2e-3, 1.4e-3, 1.6e-3, 1.8e-3, 2e-3]],
  ])('labels a short axis %s at enough places to read it', (_what, values, expected) => {
    expect(logAxis(values).ticks).toEqual(expected)
  })

  it('has at least three labels, all within the axis, however far apart the values are', () => {
    for (const factor of [1.01, 1.5, 2, 3, 5, 9, 10, 30, 200, 400, 1e3, 1e6]) {
      for (const from of [1e-7, 3e-3, 0.5, 7, 20, 1000]) {
        const { domain, ticks } = logAxis([from, from * factor])
        expect(ticks.length).toBeGreaterThanOrEqual(3)
        expect(Math.min(...ticks)).toBeGreaterThanOrEqual(domain[0] * (1 - 1e-9))
        expect(Math.max(...ticks)).toBeLessThanOrEqual(domain[1] * (1 + 1e-9))
      }
    }
  })

  it('places 0 and diverged values at its ends and marks them as beyond the axis', () => {
    const { domain, placeOf } = logAxis([0, 1e-3, 1e-2, 1e6, Infinity], [0, 1])
    expect(domain).toEqual([1e-3, 1])
    expect(placeOf(0)).toEqual({ at: 0, beyond: true })
    expect(placeOf(1e6)).toEqual({ at: 1, beyond: true })
    expect(placeOf(1e-2).beyond).toBe(false)
  })

  it('has a nonzero length for a single value and for no positive values', () => {
    for (const values of [[], [0], [20], [37]]) {
      const { domain, placeOf } = logAxis(values)
      expect(domain[1]).toBeGreaterThan(domain[0])
      expect(Number.isFinite(placeOf(20).at)).toBe(true)
    }
  })
})

describe('linearAxis', () => {
  it('has three to eight ticks at round numbers without floating-point error', () => {
    for (const values of [
      [0.95, 1.05],
      [0.36, 1.05],
      [3, 170],
    ]) {
      const { ticks } = linearAxis(values)
      expect(ticks.length).toBeGreaterThanOrEqual(3)
      expect(ticks.length).toBeLessThanOrEqual(8)
      expect(ticks.every((tick) => String(tick).length <= 4)).toBe(true)
    }
    expect(linearAxis([0.1, 0.7]).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8])
  })

  it('covers all values within its bounds and marks the others as beyond the axis', () => {
    const { domain, placeOf } = linearAxis([0.36, 1.05, 40], [0, 2])
    expect(domain[0]).toBeLessThanOrEqual(0.36)
    expect(domain[1]).toBe(2)
    expect(placeOf(40)).toEqual({ at: 1, beyond: true })
    expect(placeOf(2).beyond).toBe(false)
  })

  it('has a nonzero length when all values are equal', () => {
    const { domain } = linearAxis([1, 1])
    expect(domain[1]).toBeGreaterThan(domain[0])
  })
})
