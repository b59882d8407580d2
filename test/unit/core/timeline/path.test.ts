import { describe, expect, it } from 'vitest'
import {
  changeSegment,
  endsOf,
  frameCount,
  insertStop,
  isClosed,
  moveStop,
  placeOf,
  removeStop,
  retime,
  setClosed,
  stopFrames,
  type Path,
} from '#core/timeline/path'

interface Stop {
  readonly id: string
}
const stop = (id: string): Stop => ({ id })
const segment = (frames: number) => ({ frames, easing: 'linear' as const, interpolation: 'slerp' as const })
const open: Path<Stop> = { stops: ['a', 'b', 'c'].map(stop), segments: [segment(4), segment(6)] }
const ids = (path: Path<Stop>) => path.stops.map(({ id }) => id).join('')

describe('a path', () => {
  it('counts an end frame when open but not when closed, where a loop would stutter', () => {
    expect(frameCount(open)).toBe(11)
    expect(frameCount(setClosed(open, true))).toBe(4 + 6 + 6)
    expect(frameCount({ stops: [stop('a')], segments: [] })).toBe(0)
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

  it('keeps one segment per gap through every insertion and removal, as the engine requires', () => {
    for (const path of [open, setClosed(open, true)]) {
      for (let at = 0; at <= 3; at++) {
        const more = insertStop(path, at, stop('x'))
        expect(more.segments.length - path.segments.length).toBe(1)
        expect(isClosed(more)).toBe(isClosed(path))
        expect(more.stops[at].id).toBe('x')
      }
      for (let at = 0; at < 3; at++) {
        const fewer = removeStop(path, at)
        expect(path.segments.length - fewer.segments.length).toBe(1)
      }
    }
  })

  it('has no segments when fewer than two stops remain', () => {
    const two = { stops: ['a', 'b'].map(stop), segments: [segment(4), segment(4)] }
    expect(removeStop(two, 0)).toEqual({ stops: [stop('b')], segments: [] })
  })

  it('moves a stop without changing the segments', () => {
    expect(ids(moveStop(open, 0, 2))).toBe('bca')
    expect(ids(moveStop(open, 2, 0))).toBe('cab')
    expect(moveStop(open, 0, 2).segments).toBe(open.segments)
  })

  it('changes one segment without modifying the original path', () => {
    const changed = changeSegment(open, 1, { easing: 'easeIn' })
    expect(changed.segments.map(({ easing }) => easing)).toEqual(['linear', 'easeIn'])
    expect(open.segments[1].easing).toBe('linear')
  })

  it('is retimed to exactly the requested number of frames, in proportion (would catch 17 frames that become 18)', () => {
    const uneven = { ...open, segments: [segment(3), segment(5)] }
    for (const path of [open, uneven, setClosed(uneven, true)]) {
      for (const total of [4, 7, 16, 17, 18, 101, 1999, 2000]) {
        const { segments } = retime(path, total)
        expect(frameCount(retime(path, total))).toBe(total)
        const [a, b] = path.segments.map(({ frames }, at) => segments[at].frames / frames)
        const wholeFrame = 1 / Math.min(...path.segments.map(({ frames }) => frames))
        expect(Math.abs(a - b)).toBeLessThanOrEqual(2 * wholeFrame)
      }
    }
    expect(retime(open, 21).segments.map(({ frames }) => frames)).toEqual([8, 12])
  })

  it('keeps at least one frame per segment, however few frames are requested', () => {
    expect(retime(open, 1).segments.map(({ frames }) => frames)).toEqual([1, 1])
    const lopsided = { ...open, segments: [segment(1000), segment(1)] }
    expect(retime(lopsided, 5).segments.map(({ frames }) => frames)).toEqual([3, 1])
  })

  it('finds the stops at both ends of a segment, with the first stop after the last in a closed path', () => {
    expect(endsOf(open, 1)).toEqual([1, 2])
    expect(endsOf(setClosed(open, true), 2)).toEqual([2, 0])
  })
})
