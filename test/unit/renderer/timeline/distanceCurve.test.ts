import { describe, expect, it } from 'vitest'
import { describeCurve, distanceCurve, stepsOf } from '../../../../src/renderer/timeline/distanceCurve'

const draft = (distance: number) => ({ distance, quality: 'draft' as const })
const final = (distance: number) => ({ distance, quality: 'final' as const })

describe('the steps of a film', () => {
  it('lead from each frame to the next', () => {
    expect(stepsOf(3, false)).toEqual([
      [0, 1],
      [1, 2],
    ])
    expect([stepsOf(0, false), stepsOf(1, false)]).toEqual([[], []])
  })

  it('lead back to the first frame of a closed film (would catch a jump there that is never shown)', () => {
    expect(stepsOf(3, true).at(-1)).toEqual([2, 0])
  })
})

describe('what is said of a film', () => {
  it('is limited to the steps that are known (would catch "1.0 times the mean, 0 leaps" of one step in 60)', () => {
    const curve = distanceCurve([final(0.2), ...Array.from({ length: 59 }, () => null)])
    expect(describeCurve(curve)).toBe(
      'Change from frame to frame: the largest step is 1.0 times the mean of the 1 of 60 steps known so far, 0 leaps',
    )
  })

  it('is about the whole film once every step is known', () => {
    // The mean of nine steps of 0.1 and one of 1.1 is 0.2.
    const curve = distanceCurve([...Array.from({ length: 9 }, () => final(0.1)), final(1.1)])
    expect(curve.known.at(-1)).toMatchObject({ at: 9, isLeap: true })
    expect(describeCurve(curve)).toBe(
      'Change from frame to frame: the largest step is 5.5 times the mean, 1 leap',
    )
  })

  it('is that nothing is known as long as no two neighbours are', () => {
    expect(describeCurve(distanceCurve([null, null]))).toMatch(/not known yet$/)
  })

  it('compares drafts and final frames with their own mean, and says so', () => {
    // Each quality is perfectly even; with one mean, 0.05, the final steps would be leaps.
    const curve = distanceCurve([
      ...Array.from({ length: 14 }, () => draft(0.01)),
      null,
      final(0.3),
      final(0.3),
    ])
    expect(curve.known.map(({ size }) => size)).toEqual(
      Array.from({ length: 16 }, () => expect.closeTo(1, 9)),
    )
    expect(describeCurve(curve)).toBe(
      'Change from frame to frame: the largest step is 1.0 times the mean of the 16 of 17 steps known so far, 0 leaps; drafts and final frames each have their own mean',
    )
  })
})
