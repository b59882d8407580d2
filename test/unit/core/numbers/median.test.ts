import { expect, it } from 'vitest'
import { median } from '#core/numbers/median'

it.each([
  [[7], 7],
  [[10, 9, 2], 9],
  [[4, 1, 3, 2], 2.5],
  [[1, 1, 100, 1], 1],
  [[], NaN],
])('the median of %j is %d (would catch the upper middle, or numbers sorted as text)', (values, expected) => {
  expect(median(values)).toBe(expected)
})

it('leaves the values in their order', () => {
  const values = [3, 1, 2]
  median(values)
  expect(values).toEqual([3, 1, 2])
})
