import { describe, expect, it } from 'vitest'
import {
  isStale,
  pickFrames,
  type FrameNeed,
  type FrameQuality,
} from '../../../../src/renderer/playback/pickFrames'

const nothing = new Map<number, FrameQuality>()

function need(there: Map<number, FrameQuality>, changes: Partial<FrameNeed> = {}): FrameNeed {
  return {
    total: 20,
    playhead: 5,
    direction: 1,
    playing: false,
    pingPong: false,
    scrubbing: false,
    background: 'final',
    reach: Infinity,
    batch: 1,
    ready: () => true,
    has: (index, quality) => there.get(index) === 'final' || there.get(index) === quality,
    together: () => true,
    ...changes,
  }
}

const all = (quality: FrameQuality) =>
  new Map(Array.from({ length: 20 }, (_unused, index) => [index, quality] as const))

describe('pickFrames', () => {
  it('requests only the frame under a resting or dragged playhead, since a batch would delay scrubbing', () => {
    expect(pickFrames(need(nothing))).toMatchObject({ indices: [5], quality: 'draft' })
    expect(pickFrames(need(nothing, { scrubbing: true }))).toMatchObject({ indices: [5], quality: 'draft' })
  })

  it('refines nothing while the playhead is dragged', () => {
    expect(pickFrames(need(all('draft'), { scrubbing: true }))).toBeNull()
  })

  it('refines the frame under a resting playhead before drafting others', () => {
    expect(pickFrames(need(new Map([[5, 'draft']])))).toEqual({ indices: [5], quality: 'final' })
  })

  it('works ahead in the direction of playback and wraps around', () => {
    const playing = { playing: true, playhead: 18 }
    expect(pickFrames(need(nothing, playing))!.indices).toEqual([18, 19, 0, 1, 2, 3, 4, 5])
    expect(pickFrames(need(nothing, { ...playing, direction: -1 }))!.indices[1]).toBe(17)
  })

  it('turns around at both ends in ping-pong instead of wrapping around', () => {
    const playing = { playing: true, pingPong: true }
    const onwards = pickFrames(need(nothing, { ...playing, playhead: 18 }))!.indices
    expect(onwards).toEqual([18, 19, 17, 16, 15, 14, 13, 12])
    const back = pickFrames(need(nothing, { ...playing, playhead: 2, direction: -1 }))!.indices
    expect(back).toEqual([2, 1, 0, 3, 4, 5, 6, 7])
  })

  it('leaves out no frame in ping-pong, wherever the playhead is', () => {
    for (const playhead of [0, 5, 10, 19]) {
      const there = new Map<number, FrameQuality>()
      const state = need(there, { playing: true, pingPong: true, playhead, background: 'draft' })
      for (let batch = pickFrames(state); batch; batch = pickFrames(state)) {
        for (const index of batch.indices) there.set(index, 'draft')
      }
      expect(there.size).toBe(20)
    }
  })

  it('continues forwards from a resting playhead, even if it last moved backwards', () => {
    const there = new Map([[5, 'final']] as const)
    expect(pickFrames(need(there, { direction: -1 }))!.indices).toEqual([6])
  })

  it('never mixes frames of different segments in one request', () => {
    const together = (a: number, b: number) => Math.floor(a / 10) === Math.floor(b / 10)
    expect(pickFrames(need(nothing, { playing: true, playhead: 8, together }))!.indices).toEqual([8, 9])
  })

  it('skips frames whose pictures are not encoded yet', () => {
    const ready = (index: number) => index > 7
    expect(pickFrames(need(nothing, { ready }))!.indices[0]).toBe(8)
    expect(pickFrames(need(nothing, { ready: () => false }))).toBeNull()
  })

  it('requests nothing when all frames are final, or when the rest are drafts and only drafts are wanted', () => {
    expect(pickFrames(need(all('final')))).toBeNull()
    const restDrafted = new Map([...all('draft'), [5, 'final'] as const])
    expect(pickFrames(need(restDrafted, { background: 'draft' }))).toBeNull()
    expect(pickFrames(need(restDrafted))!.quality).toBe('final')
  })

  it('requests only the shown frame while the film is not in view', () => {
    const unseen = { background: 'none' as const }
    expect(pickFrames(need(nothing, unseen))).toMatchObject({ indices: [5], quality: 'draft' })
    expect(pickFrames(need(new Map([[5, 'final']]), unseen))).toBeNull()
  })

  it('treats a running request as stale only when the playhead waits for another frame', () => {
    const batch = { indices: [1, 2], quality: 'draft' as const }
    expect(isStale(need(nothing), batch)).toBe(true)
    expect(isStale(need(nothing, { playhead: 2 }), batch)).toBe(false)
    expect(isStale(need(all('draft')), batch)).toBe(false)
  })

  it('lets the previous draft finish while the playhead is dragged (would catch a drag that shows no frames on its way)', () => {
    const drag = { scrubbing: true, playhead: 5 }
    const urgent = pickFrames(need(nothing, drag))!
    expect(isStale(need(nothing, { ...drag, playhead: 9 }), urgent)).toBe(false)
    expect(isStale(need(nothing, { playhead: 9 }), urgent)).toBe(true)
    // Drafting ahead and refining both give way to a drag.
    const ahead = pickFrames(need(new Map([[5, 'final']])))!
    expect(isStale(need(nothing, { ...drag, playhead: 9 }), ahead)).toBe(true)
    const refining = pickFrames(need(all('draft')))!
    expect(isStale(need(nothing, { ...drag, playhead: 9 }), refining)).toBe(true)
  })

  it('works no further ahead than frames can be kept (would catch a film that is rendered endlessly)', () => {
    const near = new Map([5, 6, 7].map((index) => [index, 'final'] as const))
    expect(pickFrames(need(near, { reach: 3 }))).toBeNull()
    expect(pickFrames(need(near, { reach: 4 }))).toEqual({ indices: [8], quality: 'draft' })
  })
})
