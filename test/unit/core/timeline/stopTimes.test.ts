import { describe, expect, it } from 'vitest'
import { frameCount, hasSoundPlaces, stopFrames, type Path } from '#core/timeline/path'
import { setClosed } from '#core/timeline/pathEdits'
import { excerptOf, gapAt, insertStops, moveStopsInTime, snapFrame } from '#core/timeline/stopTimes'

const segment = (frames: number) => ({ frames, easing: 'linear' as const, interpolation: 'slerp' as const })
const open: Path<string> = { stops: ['a', 'b', 'c', 'd'], segments: [segment(10), segment(20), segment(30)] }
const closed = setClosed(open, true)

describe('moving stops in time', () => {
  it.each([
    [1, 5],
    [1, -5],
    [2, 7],
  ])('moves stop %d by %d frames and no other stop', (stop, by) => {
    for (const path of [open, closed]) {
      const before = stopFrames(path)
      const expected = before.map((frame, at) => (at === stop ? frame + by : frame))
      const moved = moveStopsInTime(path, [stop], by)
      expect(stopFrames(moved)).toEqual(expected)
      expect(frameCount(moved)).toBe(frameCount(path))
    }
  })

  it('never passes a neighbouring stop and leaves at least one frame between them (would catch an empty segment)', () => {
    expect(stopFrames(moveStopsInTime(open, [1], 500))).toEqual([0, 29, 30, 60])
    expect(stopFrames(moveStopsInTime(open, [2], -500))).toEqual([0, 10, 11, 60])
  })

  it('moves several stops together, as far as the tightest gap allows', () => {
    expect(stopFrames(moveStopsInTime(open, [1, 2], 500))).toEqual([0, 39, 59, 60])
    expect(stopFrames(moveStopsInTime(open, [1, 3], -500))).toEqual([0, 1, 30, 51])
  })

  it('does nothing when the first stop is among the moved stops', () => {
    expect(moveStopsInTime(open, [0, 1], 4)).toBe(open)
  })

  it('lengthens an open film when its last stop moves, but not a closed film', () => {
    expect(frameCount(moveStopsInTime(open, [3], 9))).toBe(frameCount(open) + 9)
    expect(frameCount(moveStopsInTime(closed, [3], 9))).toBe(frameCount(closed))
  })

  it('rescales measured places when their segment changes length, and otherwise keeps them (would catch lost even timing)', () => {
    const fractions = Array.from({ length: 29 }, (_, i) => ((i + 1) / 30) ** 2)
    const timed = { ...open, segments: [...open.segments.slice(0, 2), { ...segment(30), fractions }] }
    expect(moveStopsInTime(timed, [1], 2).segments[2].fractions).toEqual(fractions)
    for (const by of [-28, -11, 2, 19]) {
      const moved = moveStopsInTime(timed, [3], by).segments[2]
      expect(hasSoundPlaces(moved)).toBe(true)
      for (const [at, place] of moved.fractions!.entries()) {
        expect(Math.abs(place - ((at + 1) / moved.frames) ** 2)).toBeLessThan(1e-3)
      }
    }
  })
})

describe('copies of stops', () => {
  it('are inserted with the segments between them, at every position of open and closed paths', () => {
    const copied = excerptOf(open, [2, 1])
    expect(copied.stops).toEqual(['b', 'c'])
    for (const path of [open, closed]) {
      for (let index = 0; index <= path.stops.length; index++) {
        const longer = insertStops(path, index, copied)
        expect(longer.stops.slice(index, index + 2)).toEqual(['b', 'c'])
        expect(longer.segments[index].frames).toBe(20)
        expect(longer.segments.length - path.segments.length).toBe(2)
      }
    }
  })

  it('make a complete film on an empty timeline', () => {
    const film = insertStops({ stops: [], segments: [] }, 0, excerptOf(open, [0, 1, 2]))
    expect(stopFrames(film)).toEqual([0, 10, 30])
  })
})

describe('measured places of copied stops', () => {
  it('are copied with both stops that they were measured between, and only then', () => {
    const stops = ['a', 'b', 'c', 'd', 'e']
    const places = { fractions: [0.3], measuredOn: 'basis' }
    const path = { stops, segments: [1, 2, 3, 4].map(() => ({ ...segment(2), ...places })) }
    expect(excerptOf(path, [0, 1, 3, 4]).segments).toEqual([
      { ...segment(2), ...places },
      segment(2),
      { ...segment(2), ...places },
    ])
  })
})

describe('the position of a stop', () => {
  it('snaps to the nearest target within reach, and otherwise stays', () => {
    expect(snapFrame(12, [10, 13, 40], 2)).toBe(13)
    expect(snapFrame(20, [10, 13, 40], 2)).toBe(20)
  })

  it('comes after every stop at an earlier frame', () => {
    expect([-1, 5, 10, 11, 99].map((frame) => gapAt(open, frame))).toEqual([0, 1, 1, 2, 4])
  })
})
