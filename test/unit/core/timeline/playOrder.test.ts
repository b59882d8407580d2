import { describe, expect, it } from 'vitest'
import { playOrder } from '#core/timeline/playOrder'

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
