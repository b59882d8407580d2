import { describe, expect, it } from 'vitest'
import { PaceMeter } from '#engine/model/network/PaceMeter'

describe('PaceMeter', () => {
  it('knows nothing until a second evaluation of that many items, since the first opens the network', () => {
    const meter = new PaceMeter()
    expect(meter.secondsOf(1)).toBeNull()
    meter.note(1, 30)
    expect(meter.secondsOf(1)).toBeNull()
    meter.note(1, 2)
    expect(meter.secondsOf(1)).toBe(2)
  })

  it('gives seconds per item, separately for each number of items evaluated together', () => {
    const meter = new PaceMeter()
    for (const seconds of [30, 2]) meter.note(1, seconds)
    for (const seconds of [30, 8]) meter.note(8, seconds)
    expect([meter.secondsOf(1), meter.secondsOf(8), meter.secondsOf(4)]).toEqual([2, 1, null])
  })

  it('gives the median, so that an interruption does not count (would catch a mean)', () => {
    const meter = new PaceMeter()
    for (const seconds of [0, 3, 90, 1, 2, 4]) meter.note(1, seconds)
    expect(meter.secondsOf(1)).toBe(3)
  })

  it('takes the mean of the two in the middle of an even number (would catch the slower of two)', () => {
    const meter = new PaceMeter()
    for (const seconds of [30, 2, 4]) meter.note(1, seconds)
    expect(meter.secondsOf(1)).toBe(3)
  })

  it('follows a lasting change after a few evaluations', () => {
    const meter = new PaceMeter()
    for (let i = 0; i < 100; i++) meter.note(1, 1)
    for (let i = 0; i < 9; i++) meter.note(1, 5)
    expect(meter.secondsOf(1)).toBe(5)
  })
})
