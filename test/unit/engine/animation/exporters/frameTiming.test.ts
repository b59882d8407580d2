import { describe, expect, it } from 'vitest'
import { frameTicks } from '#engine/animation/exporters/frameTiming'

describe('frameTicks', () => {
  it.each([1, 7, 23.976, 24, 29.97, 30, 33.3, 47, 50])(
    'add up to the right duration at %d frames per second',
    (fps) => {
      let elapsed = 0
      for (let frame = 0; frame < 1000; frame++) {
        elapsed += frameTicks(frame, fps, 100)
        // Rounding each length separately would drift: 30 fps in hundredths of a second loses a tenth of the
        // time.
        expect(Math.abs(elapsed - ((frame + 1) * 100) / fps)).toBeLessThanOrEqual(0.5)
      }
    },
  )

  it('differ by one tick at most', () => {
    const lengths = Array.from({ length: 300 }, (_, frame) => frameTicks(frame, 30, 100))
    expect(new Set(lengths)).toEqual(new Set([3, 4]))
  })
})
