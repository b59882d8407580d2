import { describe, expect, it } from 'vitest'
import {
  changeSegment,
  frameCount,
  insertStop,
  isClosed,
  moveStop,
  placeOf,
  removeStop,
  retime,
  setClosed,
  stopFrames,
  type TimelinePath,
} from '../../../../src/renderer/timeline/timelinePath'

const stop = (id: string) => ({ id, pictureId: `picture of ${id}` })
const segment = (frames: number) => ({ frames, easing: 'linear' as const, interpolation: 'slerp' as const })
const open: TimelinePath = { stops: ['a', 'b', 'c'].map(stop), segments: [segment(4), segment(6)] }
const ids = (path: TimelinePath) => path.stops.map(({ id }) => id).join('')

describe('timelinePath', () => {
  it('counts the last stop of an open path and not of a closed one (a loop would stutter)', () => {
    expect(frameCount(open)).toBe(11)
    expect(frameCount(setClosed(open, true))).toBe(4 + 6 + 6)
    expect(frameCount({ stops: [stop('a')], segments: [] })).toBe(0)
  })

  it('finds every frame in exactly one place, and the stops at offset 0', () => {
    const places = Array.from({ length: 11 }, (_unused, frame) => placeOf(open, frame))
    expect(new Set(places.map((place) => JSON.stringify(place))).size).toBe(11)
    expect(
      stopFrames(open)
        .slice(0, 2)
        .map((frame) => placeOf(open, frame).offset),
    ).toEqual([0, 0])
    expect(places[10]).toEqual({ segment: 1, offset: 6 })
  })

  it('keeps one segment a gap through any insertion and removal (else the engine refuses the plan)', () => {
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

  it('has no segments left when fewer than two stops are', () => {
    const two = { stops: ['a', 'b'].map(stop), segments: [segment(4), segment(4)] }
    expect(removeStop(two, 0)).toEqual({ stops: [stop('b')], segments: [] })
  })

  it('moves a stop and leaves the tempo of the path alone', () => {
    expect(ids(moveStop(open, 0, 2))).toBe('bca')
    expect(ids(moveStop(open, 2, 0))).toBe('cab')
    expect(moveStop(open, 0, 2).segments).toBe(open.segments)
  })

  it('changes one segment only, and never the path it was given', () => {
    const changed = changeSegment(open, 1, { easing: 'easeIn' })
    expect(changed.segments.map(({ easing }) => easing)).toEqual(['linear', 'easeIn'])
    expect(open.segments[1].easing).toBe('linear')
  })

  it('retimes to the frames asked for, keeping proportions', () => {
    expect(frameCount(retime(open, 21))).toBe(21)
    expect(retime(open, 21).segments.map(({ frames }) => frames)).toEqual([8, 12])
    expect(Math.min(...retime(open, 2).segments.map(({ frames }) => frames))).toBeGreaterThanOrEqual(1)
  })
})
