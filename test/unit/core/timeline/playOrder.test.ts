import { describe, expect, it } from 'vitest'
import { playOrder } from '#core/timeline/playOrder'

describe('playOrder', () => {
  it('plays ping-pong without showing either end twice, so that a loop does not stutter', () => {
    expect(playOrder(4, 'ping-pong')).toEqual([0, 1, 2, 3, 2, 1])
    expect(playOrder(2, 'ping-pong')).toEqual([0, 1])
    expect(playOrder(1, 'ping-pong')).toEqual([0])
    expect(playOrder(3, 'forever')).toEqual([0, 1, 2])
  })

  it('ends on the first frame when it plays forwards and backwards once (would catch 8 frames instead of 9 for a film of 5)', () => {
    expect(playOrder(5, 'ping-pong-once')).toEqual([0, 1, 2, 3, 4, 3, 2, 1, 0])
    expect(playOrder(1, 'ping-pong-once')).toEqual([0])
  })
})
