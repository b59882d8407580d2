import { describe, expect, it } from 'vitest'
import { playOrder } from '#core/timeline/playOrder'
import { groupFrames } from '#engine/animation/groupFrames'

describe('groupFrames', () => {
  it.each([
    [60, 8],
    [61, 8],
    [1, 8],
    [8, 8],
    [9, 8],
    [1000, 7],
  ])('puts each of %i frames into groups of at most %i, all of one size', (count, largest) => {
    const groups = groupFrames(count, largest)
    const sizes = new Set(groups.map((group) => group.length))
    expect(sizes.size).toBe(1)
    expect([...sizes][0]).toBeLessThanOrEqual(largest)
    expect([...new Set(groups.flat())]).toEqual(Array.from({ length: count }, (_, i) => i))
  })

  it('wastes less than one frame a group on filling up', () => {
    for (let count = 1; count < 200; count++) {
      const groups = groupFrames(count, 8)
      expect(groups.flat().length - count).toBeLessThan(groups.length)
    }
  })
})

describe('playOrder', () => {
  it('runs back without showing either end twice, so that a loop does not stutter', () => {
    expect(playOrder(4, 'ping-pong')).toEqual([0, 1, 2, 3, 2, 1])
    expect(playOrder(2, 'ping-pong')).toEqual([0, 1])
    expect(playOrder(1, 'ping-pong')).toEqual([0])
    expect(playOrder(3, 'forever')).toEqual([0, 1, 2])
  })

  it('ends on the first frame when it goes forth and back once (would catch 8 frames of 5)', () => {
    expect(playOrder(5, 'ping-pong-once')).toEqual([0, 1, 2, 3, 4, 3, 2, 1, 0])
    expect(playOrder(1, 'ping-pong-once')).toEqual([0])
  })
})
