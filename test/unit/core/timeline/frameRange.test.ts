import { expect, it } from 'vitest'
import { isPart, rangeWithin, withEndAt } from '#core/timeline/frameRange'

it('rangeWithin clips a range to the film, and returns the whole film for no range or a range outside the film', () => {
  expect(rangeWithin({ start: 3, end: 7 }, 10)).toEqual({ start: 3, end: 7 })
  expect(rangeWithin({ start: 3, end: 70 }, 10)).toEqual({ start: 3, end: 9 })
  expect(rangeWithin({ start: 30, end: 70 }, 10)).toEqual({ start: 0, end: 9 })
  expect(rangeWithin(null, 10)).toEqual({ start: 0, end: 9 })
  // An empty film has no first frame (would catch an export of one non-existent frame).
  expect(rangeWithin(null, 0)).toEqual({ start: 0, end: -1 })
})

it('isPart is true only for a range that leaves frames out', () => {
  expect(
    [null, { start: 0, end: 9 }, { start: 0, end: 8 }, { start: 1, end: 9 }].map((range) =>
      isPart(range, 10),
    ),
  ).toEqual([false, false, true, true])
})

it('withEndAt moves one end, and takes the other along only if it is passed', () => {
  const range = { start: 3, end: 7 }
  expect(withEndAt(range, 'start', 5, 10)).toEqual({ start: 5, end: 7 })
  expect(withEndAt(range, 'end', 5, 10)).toEqual({ start: 3, end: 5 })
  // Would catch a preview of a drag that shows frames 7 to 9, and an export that takes frame 9.
  expect(withEndAt(range, 'start', 9, 10)).toEqual({ start: 9, end: 9 })
  expect(withEndAt(range, 'end', 1, 10)).toEqual({ start: 1, end: 1 })
  expect(withEndAt(range, 'end', 40, 10)).toEqual({ start: 3, end: 9 })
  expect(withEndAt(null, 'start', -4, 10)).toEqual({ start: 0, end: 9 })
})
