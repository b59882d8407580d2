import { describe, expect, it } from 'vitest'
import { defaultSegment, frameCount, isClosed, type Path } from '#core/timeline/path'
import {
  changeSegment,
  changeStop,
  fewestFrames,
  insertStop,
  moveStop,
  removeStop,
  retime,
  setClosed,
} from '#core/timeline/pathEdits'

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

  const hold = (frames: number) => ({ ...segment(frames), easing: 'hold' as const })
  const shown = ({ stops, segments }: Path<Stop>) =>
    stops
      .map(({ id }, at) => `${id}${segments[at] ? ` ${segments[at].easing} ${segments[at].frames} ` : ''}`)
      .join('')

  it('moves as before the hold when either of its two stops is removed (would catch a film that freezes and jumps)', () => {
    const [x, a, held, b] = ['x', 'a', 'A', 'b'].map(stop)
    const path = { stops: [x, a, held, b], segments: [segment(4), hold(20), segment(6)] }
    expect(shown(removeStop(path, 2))).toBe('x linear 4 a linear 6 b')
    expect(shown(removeStop(path, 1))).toBe('x linear 4 A linear 6 b')
    expect(shown(removeStop(path, 3))).toBe('x linear 4 a hold 20 A')
    // The hold leads over the end of a closed path.
    const closed = { stops: [held, b, a], segments: [segment(6), segment(4), hold(20)] }
    expect(shown(removeStop(closed, 0))).toBe('b linear 4 a linear 6 ')
    expect(shown(removeStop(closed, 2))).toBe('A linear 6 b linear 4 ')
  })

  it('moves between stops that an edit has made neighbours (would catch a hold that spreads)', () => {
    const held = { stops: ['a', 'A'].map(stop), segments: [hold(20)] }
    const moving = ({ segments }: Path<Stop>) => segments.map(({ easing }) => easing !== 'hold')
    expect(moving(insertStop(held, 0, stop('x')))).toEqual([true, false])
    expect(moving(insertStop(held, 2, stop('x')))).toEqual([false, true])
    expect(moving(setClosed(held, true))).toEqual([false, true])
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

  it('has the fewest frames that a path can have when it is retimed to less', () => {
    for (const path of [open, setClosed(open, true)]) {
      expect(frameCount(retime(path, 1))).toBe(fewestFrames(path))
      expect(frameCount(retime(path, fewestFrames(path)))).toBe(fewestFrames(path))
    }
  })

  it('keeps at least one frame per segment, however few frames are requested', () => {
    expect(retime(open, 1).segments.map(({ frames }) => frames)).toEqual([1, 1])
    const lopsided = { ...open, segments: [segment(1000), segment(1)] }
    expect(retime(lopsided, 5).segments.map(({ frames }) => frames)).toEqual([3, 1])
  })
})

describe('measured places', () => {
  const timed: Path<Stop> = {
    stops: ['a', 'b', 'c', 'd', 'e'].map(stop),
    segments: [4, 6, 5, 8].map((frames, at) => ({
      ...segment(frames),
      fractions: Array.from({ length: frames - 1 }, (_, i) => ((i + 1) / frames) ** 2),
      measuredOn: `basis of ${at}`,
    })),
  }
  /** Returns, for the segments of a changed path, what their places were measured on; null for those without places. */
  const bases = ({ segments }: Path<Stop>) =>
    segments.map(({ fractions, measuredOn }) => (fractions ? measuredOn : (measuredOn ?? null)))
  const [a, b, c, d] = bases(timed)

  it('are dropped with a new easing, and kept as they are with a new kind of path', () => {
    expect(bases(changeSegment(timed, 1, { easing: 'linear' }))).toEqual([a, null, c, d])
    const path = changeSegment(timed, 1, { interpolation: 'lerp' })
    expect([bases(path), path.segments[1].fractions]).toEqual([[a, b, c, d], timed.segments[1].fractions])
  })

  it('are measured on nothing once they are redistributed (would catch a film dragged to its old length that counts as even)', () => {
    const longer = changeSegment(timed, 1, { frames: 9 })
    expect(bases(longer)).toEqual([a, '', c, d])
    expect(bases(changeSegment(longer, 1, { frames: 6 }))).toEqual([a, '', c, d])
    expect(bases(changeSegment(timed, 1, { frames: 6 }))).toEqual([a, b, c, d])
  })

  it('are replaced with what they were measured on', () => {
    const given = { frames: 3, fractions: [0.1, 0.2], measuredOn: 'new' }
    expect(changeSegment(timed, 1, given).segments[1]).toEqual({ ...timed.segments[1], ...given })
  })

  it('stay while a stop is changed in its place', () => {
    const changed = changeStop(timed, 1, stop('x'))
    expect([ids(changed), bases(changed)]).toEqual(['axcde', [a, b, c, d]])
  })

  it('are dropped if another stop takes the place of one of its two ends (would catch timing lost to an edit next to it)', () => {
    const replaced = removeStop(insertStop(timed, 4, stop('x')), 5)
    expect([ids(replaced), bases(replaced)]).toEqual(['abcdx', [a, b, c, null]])
    expect(bases(moveStop(timed, 4, 3))).toEqual([a, b, null, null])
    expect(bases(removeStop(timed, 4))).toEqual([a, b, c])
    expect(bases(insertStop(timed, 5, stop('x')))).toEqual([a, b, c, d, null])
    const loop = setClosed(timed, true)
    expect(bases(loop)).toEqual([a, b, c, d, null])
    expect(bases(setClosed(loop, false))).toEqual([a, b, c, d])
  })
})
