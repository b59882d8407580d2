import { describe, expect, it } from 'vitest'
import { endsOf, frameCount, isHeld, placeOf, stopFrames, type Path } from '#core/timeline/path'
import { setClosed } from '#core/timeline/pathEdits'

interface Stop {
  readonly id: string
}
const stop = (id: string): Stop => ({ id })
const segment = (frames: number) => ({ frames, easing: 'linear' as const, interpolation: 'slerp' as const })
const open: Path<Stop> = { stops: ['a', 'b', 'c'].map(stop), segments: [segment(4), segment(6)] }

describe('a path', () => {
  it('counts an end frame when open but not when closed, where a loop would stutter', () => {
    expect(frameCount(open)).toBe(11)
    expect(frameCount(setClosed(open, true))).toBe(4 + 6 + 6)
    expect(frameCount({ stops: [stop('a')], segments: [] })).toBe(0)
  })

  it.each([
    ['a hold', { easing: 'hold' }, true],
    ['a hold of one frame that was timed evenly', { easing: 'hold', fractions: [] }, false],
    ['another easing', { easing: 'easeIn' }, false],
  ] as const)('tells whether a segment is held: %s', (_what, there, held) => {
    expect(isHeld(there)).toBe(held)
  })

  it('maps every frame to a unique place, and every stop but the last to offset 0', () => {
    const places = Array.from({ length: 11 }, (_unused, frame) => placeOf(open, frame))
    expect(new Set(places.map((place) => JSON.stringify(place))).size).toBe(11)
    expect(
      stopFrames(open)
        .slice(0, 2)
        .map((frame) => placeOf(open, frame).offset),
    ).toEqual([0, 0])
    expect(places[10]).toEqual({ segment: 1, offset: 6 })
  })

  it('finds the stops at both ends of a segment, with the first stop after the last in a closed path', () => {
    expect(endsOf(open, 1)).toEqual([1, 2])
    expect(endsOf(setClosed(open, true), 2)).toEqual([2, 0])
  })
})
