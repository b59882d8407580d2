import { describe, expect, it } from 'vitest'
import { splitEvenly } from '#engine/lab/splitEvenly'

describe('splitEvenly', () => {
  it.each([
    [11, 8, [5, 6]],
    [8, 8, [8]],
    [9, 4, [3, 3, 3]],
    [1, 256, [1]],
  ])('splits %i items into groups of at most %i: %j', (count, largest, sizes) => {
    const items = Array.from({ length: count }, (_, i) => i)
    const groups = splitEvenly(items, largest)
    expect(groups.map(({ length }) => length)).toEqual(sizes)
    expect(groups.flat()).toEqual(items)
  })
})
