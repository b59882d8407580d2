import { expect, it } from 'vitest'
import { meanOf, rootMeanSquare } from '#core/numbers/mean'

it('means are summed in float64, whatever the values are stored in (would catch float32 sums)', () => {
  // Beyond 2^24, float32 does not tell a number from the next.
  const values = Float32Array.of(2 ** 24, 1, 1)
  expect(meanOf(values)).toBe((2 ** 24 + 2) / 3)
  expect(rootMeanSquare(Float32Array.of(2 ** 12, 1, 1))).toBe(Math.sqrt((2 ** 24 + 2) / 3))
  expect(rootMeanSquare([3, -3])).toBe(3)
})

it('of no values is NaN', () => {
  expect([meanOf([]), rootMeanSquare([])]).toEqual([NaN, NaN])
})
