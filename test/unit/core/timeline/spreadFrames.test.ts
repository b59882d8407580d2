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
  const spread = spreadFrames(100, weights)
  expect(spread).toHaveLength(3)
  for (const [i, frames] of spread.entries()) {
    expect(Math.abs(frames - (100 * weights[i]) / 23)).toBeLessThan(1)
  }
})

it('spreadFrames gives equal weights equal parts whenever they divide (would catch 36, 36, 35, 37, 36)', () => {
  for (const weight of [1, 0.1, 0.3, 1 / 3, 0.7, 1e-9, 36]) {
    for (let count = 1; count <= 40; count++) {
      for (const each of [1, 2, 7, 36]) {
        const weights = Array<number>(count).fill(weight)
        expect(spreadFrames(count * each, weights)).toEqual(Array<number>(count).fill(each))
      }
    }
  }
})

it('spreadFrames ends each segment within half a frame of its share (would catch 1 and 9 for 19 % and 81 % of 10)', () => {
  expect(spreadFrames(10, [19, 81])).toEqual([2, 8])
  const random = createRandom(2)
  for (let round = 0; round < 500; round++) {
    const weights = Array.from({ length: 1 + (round % 9) }, () => 1 + random())
    // The smallest share is at least 1: a weight of 1 among up to 9 of at most 2.
    const lengths = spreadFrames(18 + round, weights)
    for (let end = 1; end <= weights.length; end++) {
      const share = ((18 + round) * sum(weights.slice(0, end))) / sum(weights)
      expect(Math.abs(sum(lengths.slice(0, end)) - share)).toBeLessThanOrEqual(0.5 + 1e-9)
    }
  }
})

it('spreadFrames takes the frames of short segments from all others alike (would catch 3 and 7 for the last two)', () => {
  expect(spreadFrames(15, [1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1, 1])).toEqual([1, 1, 1, 1, 1, 5, 5])
  expect(spreadFrames(13, [1, 1e-9, 2, 1e-9, 1e-9, 2])).toEqual([2, 1, 4, 1, 1, 4])
  expect(spreadFrames(5, [1000, 1, 1])).toEqual([3, 1, 1])
})

it('spreadFrames rejects fewer frames than segments, and names both numbers', () => {
  expect(() => spreadFrames(2, [1, 1, 1])).toThrow('2 frames are too few for 3 segments')
})
