import { describe, expect, it } from 'vitest'
import { enlarge, enlargementRows, enlargements } from '#core/picture/enlarge'
import type { Pixels } from '#core/picture/pixels'
import { mitchell } from '#core/picture/resample'
import { gradient, noise, paint } from '../../../fixtures/paint'

const mean = ({ data }: Pixels) => data.reduce((sum, value) => sum + value, 0) / data.length

describe.each(enlargements)('enlarge (%s)', (way) => {
  it('multiplies both sides and keeps the mean colour', () => {
    const small = gradient(20, 12)
    const large = enlarge(small, 3, way)
    expect(large).toMatchObject({ width: 60, height: 36 })
    expect(Math.abs(mean(large) - mean(small))).toBeLessThan(1)
  })

  it('leaves a picture unchanged at factor 1', () => {
    const picture = noise(5, 4)
    expect(enlarge(picture, 1, way)).toEqual(picture)
  })
})

describe('enlarge (sharp)', () => {
  it('turns every pixel into a square of the same colour and alpha', () => {
    const small = noise(5, 3)
    const large = enlarge(small, 4, 'sharp')
    for (let at = 0; at < large.width * large.height; at++) {
      const [x, y] = [at % large.width, Math.floor(at / large.width)]
      const from = (Math.floor(y / 4) * small.width + Math.floor(x / 4)) * 4
      expect([...large.data.subarray(at * 4, at * 4 + 4)]).toEqual([...small.data.subarray(from, from + 4)])
    }
  })
})

describe('halos at an edge', () => {
  const [dark, light] = [0, 220]
  const edge = paint(12, 4, (x) => [...Array<number>(3).fill(x < 6 ? dark : light), 255])
  /** How far a way goes beyond the lighter side, as a share of the step. */
  const haloOf = (way: (typeof enlargements)[number]) =>
    (Math.max(...enlarge(edge, 7, way).data.filter((_value, i) => i % 4 < 3)) - light) / (light - dark)

  it('are none, very faint and three times as strong', () => {
    expect(haloOf('sharp')).toBe(0)
    // The dark pixel nearest to the greatest halo is 10/7 away: the cubic is least there, with -16/441.
    expect(haloOf('smooth')).toBeCloseTo(16 / 441, 2)
    expect(haloOf('lanczos') / haloOf('smooth')).toBeGreaterThan(2.7)
    expect(haloOf('lanczos') / haloOf('smooth')).toBeLessThan(3.5)
  })

  it.each(enlargementRows)('are told in the sentence of $id exactly if there are any', ({ id, help }) => {
    expect(/with .*halos/.test(help)).toBe(haloOf(id) > 0)
  })
})

describe('mitchell', () => {
  /** Mitchell and Netravali 1988, eq. 8, in its general form. */
  function general(x: number, b: number, c: number): number {
    const a = Math.abs(x)
    if (a < 1) return ((12 - 9 * b - 6 * c) * a ** 3 + (-18 + 12 * b + 6 * c) * a ** 2 + (6 - 2 * b)) / 6
    if (a < 2)
      return ((-b - 6 * c) * a ** 3 + (6 * b + 30 * c) * a ** 2 + (-12 * b - 48 * c) * a + 8 * b + 24 * c) / 6
    return 0
  }

  it('is the cubic of the paper with B = C = 1/3', () => {
    for (let x = -2.5; x <= 2.5; x += 0.05) expect(mitchell.at(x)).toBeCloseTo(general(x, 1 / 3, 1 / 3), 12)
  })

  it('has weights that sum to 1 at any position', () => {
    for (const shift of [0, 0.13, 0.5, 0.77]) {
      const weights = [-2, -1, 0, 1, 2].map((at) => mitchell.at(at - shift))
      expect(weights.reduce((sum, one) => sum + one)).toBeCloseTo(1, 12)
    }
  })
})
