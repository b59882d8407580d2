import { expect, it } from 'vitest'
import { createRandom } from '../../../fixtures/random'
import { spreadFrames } from '#core/timeline/spreadFrames'

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)

it('spreadFrames gives exactly the requested number of frames (would catch 1996 of 2000 from lengths rounded separately)', () => {
  for (const weights of [[36, 36, 36, 36, 36, 36, 36], [1, 1000], [1000, 1, 1], [3]]) {
    for (const total of [weights.length, 17, 18, 2000, 99_999]) {
      const lengths = spreadFrames(total, weights)
      expect(sum(lengths)).toBe(total)
      expect(Math.min(...lengths)).toBeGreaterThanOrEqual(1)
    }
  }
})

it('spreadFrames loses no frame to rounding (would catch 59 of 60 for lengths that were measured)', () => {
  const random = createRandom(1)
  for (let round = 0; round < 2000; round++) {
    const weights = Array.from({ length: 1 + (round % 8) }, () => 1e-3 + 3 * random())
    for (const total of [8, 59, 60, 240]) expect(sum(spreadFrames(total, weights))).toBe(total)
  }
})

it('spreadFrames is exact for proportions that divide into whole frames', () => {
  expect(spreadFrames(20, [4, 6])).toEqual([8, 12])
})

it('spreadFrames stays within one frame of the exact share when no segment is too short', () => {
  const weights = [5, 7, 11]
  for (const [i, frames] of spreadFrames(100, weights).entries()) {
    expect(Math.abs(frames - (100 * weights[i]) / 23)).toBeLessThan(1)
  }
})

it('spreadFrames rejects fewer frames than segments, and names both numbers', () => {
  expect(() => spreadFrames(2, [1, 1, 1])).toThrow('2 frames are too few for 3 segments')
})
