import { describe, expect, it } from 'vitest'
import { playOrder } from '../../../../src/renderer/film/playOrder'

describe('playOrder', () => {
  it('shows neither end twice in ping-pong, so that the repeated film does not stutter', () => {
    const order = playOrder(5, 'pingPong')
    const repeated = [...order, ...order]
    expect(repeated.some((frame, at) => at > 0 && frame === repeated[at - 1])).toBe(false)
    expect(new Set(order).size).toBe(5)
  })

  it('copes with one and two frames', () => {
    expect(playOrder(1, 'pingPong')).toEqual([0])
    expect(playOrder(2, 'pingPong')).toEqual([0, 1])
  })
})
