import { describe, expect, it } from 'vitest'
import { defaultSegment, frameCount, isClosed, type Path } from '#core/timeline/path'
import {
  changeSegment,
  changeStop,
  insertStop,
  moveStop,
  removeStop,
  retime,
  setClosed,
} from '#core/timeline/pathEdits'
import type { Interpolation } from '#core/timeline/interpolations/registry'

interface Stop {
  readonly id: string
}
const stop = (id: string): Stop => ({ id })
const segment = (frames: number) => ({ frames, easing: 'linear' as const, interpolation: 'slerp' as const })
const open: Path<Stop> = { stops: ['a', 'b', 'c'].map(stop), segments: [segment(4), segment(6)] }
const ids = (path: Path<Stop>) => path.stops.map(({ id }) => id).join('')

describe('a path that is edited', () => {
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

  it('cuts the segment in which a stop is inserted (would catch a closing segment that becomes like the first)', () => {
    const lengths = (path: Path<Stop>, at: number) =>
      insertStop(path, at, stop('x')).segments.map(({ frames }) => frames)
    const closed = { ...open, segments: [segment(4), segment(6), segment(9)] }
    expect(lengths(closed, 0)).toEqual([9, 4, 6, 9])
    expect(lengths(closed, 1)).toEqual([4, 4, 6, 9])
    expect(lengths(closed, 2)).toEqual([4, 6, 6, 9])
    expect(lengths(closed, 3)).toEqual([4, 6, 9, 9])
    expect(lengths(open, 0)).toEqual([4, 4, 6])
    expect(lengths(open, 3)).toEqual([4, 6, defaultSegment.frames])
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
})

describe('measured places', () => {
  const lengths = [4, 6, 5, 8]
  const letters = ['a', 'b', 'c', 'd', 'e']
  const timed = (interpolation: Interpolation): Path<Stop> => ({
    stops: letters.map(stop),
    segments: lengths.map((frames) => ({
      ...segment(frames),
      interpolation,
      fractions: Array.from({ length: frames - 1 }, (_, i) => ((i + 1) / frames) ** 2),
    })),
  })
  const [slerp, smooth] = [timed('slerp'), timed('spline')]
  /** Returns, for the segments of a changed path, whether they have the same list, an equal new one, another or none. */
  const kept = (before: Path<Stop>, after: Path<Stop>) =>
    after.segments.map(({ fractions }, at) => {
      if (!fractions) return 'none'
      const was = before.segments[at].fractions!
      if (fractions === was) return 'same'
      return fractions.join() === was.join() ? 'copy' : 'other'
    })

  it('are to be measured again after a change of the kind of path (would catch places of the old one)', () => {
    expect(kept(slerp, changeSegment(slerp, 1, { interpolation: 'lerp' }))).toEqual([
      'same',
      'copy',
      'same',
      'same',
    ])
    expect(kept(slerp, changeSegment(slerp, 1, { interpolation: 'slerp' }))[1]).toBe('same')
    const measured = [0.1, 0.2, 0.3, 0.4, 0.5]
    const given = changeSegment(slerp, 1, { interpolation: 'lerp', fractions: measured })
    expect(given.segments[1].fractions).toBe(measured)
  })

  it('are to be measured again beside a segment of another length, if the path is smooth', () => {
    expect(kept(slerp, changeSegment(slerp, 1, { frames: 9 }))).toEqual(['same', 'other', 'same', 'same'])
    expect(kept(smooth, changeSegment(smooth, 1, { frames: 9 }))).toEqual(['copy', 'other', 'copy', 'same'])
    expect(kept(smooth, changeSegment(smooth, 1, { frames: 6 }))).toEqual(['same', 'same', 'same', 'same'])
  })

  it('are to be measured again if a stop that the segment depends on is changed', () => {
    expect(kept(slerp, changeStop(slerp, 1, stop('x')))).toEqual(['copy', 'copy', 'same', 'same'])
    expect(kept(smooth, changeStop(smooth, 1, stop('x')))).toEqual(['copy', 'copy', 'copy', 'same'])
    expect(ids(changeStop(slerp, 1, stop('x')))).toBe('axcde')
  })

  it('are dropped if another stop takes the place of one of its two ends, and are to be measured again if only one beside them is new (would catch timing lost to an edit next to it)', () => {
    const replace = (path: Path<Stop>) => removeStop(insertStop(path, 4, stop('x')), 5)
    expect(ids(replace(slerp))).toBe('abcdx')
    expect(kept(slerp, replace(slerp))).toEqual(['same', 'same', 'same', 'none'])
    expect(kept(smooth, replace(smooth))).toEqual(['same', 'same', 'copy', 'none'])
    expect(kept(smooth, moveStop(smooth, 4, 3))).toEqual(['same', 'copy', 'none', 'none'])
    expect(kept(smooth, removeStop(smooth, 4))).toEqual(['same', 'same', 'copy'])
    expect(kept(smooth, insertStop(smooth, 5, stop('x')))).toEqual(['same', 'same', 'same', 'copy', 'none'])
  })

  it('are to be measured again on both sides of the first stop when the loop is closed or opened, if the path is smooth', () => {
    const loop = setClosed(smooth, true)
    expect(kept(smooth, loop)).toEqual(['copy', 'same', 'same', 'copy', 'none'])
    expect(kept(loop, setClosed(loop, false))).toEqual(['copy', 'same', 'same', 'copy'])
  })

  it('are to be measured again across the first stop of a smooth loop', () => {
    const loop = { stops: smooth.stops.slice(0, 4), segments: smooth.segments }
    expect(kept(loop, changeSegment(loop, 0, { frames: 9 }))).toEqual(['other', 'copy', 'same', 'copy'])
    expect(kept(loop, changeSegment(loop, 3, { frames: 9 }))).toEqual(['copy', 'same', 'copy', 'other'])
  })

  it('are looked at beside a changed segment alone (would catch a long film that takes seconds to retime)', () => {
    const reads = (count: number): number => {
      let total = 0
      const segments = Array.from({ length: count }, () => ({
        ...smooth.segments[0],
        get interpolation() {
          total++
          return 'spline' as const
        },
      }))
      const stops = Array.from({ length: count + 1 }, (_, at) => stop(`${at}`))
      changeSegment({ stops, segments }, 4, { frames: 9 })
      return total
    }
    expect(reads(600)).toBe(reads(10))
  })
})
