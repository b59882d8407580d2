import { describe, expect, it } from 'vitest'
import { countFrames, gridPosition, latentOfFrame, pathPosition } from '#core/timeline/timeline'
import { slerp } from '#core/diffusion/slerp'
import type { Segment } from '#core/timeline/path'
import type { FramePlan } from '#shared/framePlan'
import type { LatentSource } from '#shared/latentSource'
import { drawLatent } from '../diffusion/draws'

const sources = (count: number): LatentSource[] =>
  Array.from({ length: count }, (_, seed) => ({ kind: 'seed', seed }))
const latents = (count: number) => sources(count).map((_, seed) => drawLatent(seed, [1, 1, 4, 4]))
const segment = (frames: number, easing: Segment['easing'] = 'linear'): Segment => ({
  frames,
  easing,
  interpolation: 'slerp',
})
const path = (stops: number, ...segments: Segment[]) => ({
  kind: 'path' as const,
  stops: sources(stops),
  segments,
})
const grid = (columns: number, rows: number) => ({
  kind: 'grid' as const,
  corners: sources(4),
  columns,
  rows,
})
const framesOf = (plan: FramePlan) => Array.from({ length: countFrames(plan) }, (_, i) => i)

describe('a path', () => {
  it('includes a frame for its end when open, but not in a loop (would catch an off-by-one frame count)', () => {
    expect(countFrames(path(3, segment(4), segment(2)))).toBe(7)
    expect(countFrames(path(3, segment(4), segment(2), segment(5)))).toBe(11)
  })

  it('visits its stops in order, evenly spaced (would catch a stop shown twice or skipped)', () => {
    const open = path(3, segment(4), segment(2))
    const along = framesOf(open)
      .map((i) => pathPosition(open, i))
      .map(({ from, fraction }) => from + fraction)
    expect(along).toEqual([0, 0.25, 0.5, 0.75, 1, 1.5, 2])
  })

  it('comes back to the first stop in a loop (would catch an index past the last stop)', () => {
    const loop = path(2, segment(2), segment(2))
    const pairs = framesOf(loop)
      .map((i) => pathPosition(loop, i))
      .map(({ from, to }) => [from, to])
    expect(pairs).toEqual([
      [0, 1],
      [0, 1],
      [1, 0],
      [1, 0],
    ])
  })

  it('eases each segment with its own easing (would catch the easing of another segment)', () => {
    const plan = path(3, segment(2, 'easeIn'), segment(2, 'easeOut'))
    expect(pathPosition(plan, 1).fraction).toBeLessThan(0.5)
    expect(pathPosition(plan, 3).fraction).toBeGreaterThan(0.5)
  })

  it('shows every stop bit for bit (would catch a stop changed by rounding)', () => {
    const stops = latents(3)
    const plan = path(3, segment(3), segment(1))
    for (const [frame, stop] of [
      [0, 0],
      [3, 1],
      [4, 2],
    ]) {
      expect(latentOfFrame(plan, stops, frame).x.data).toEqual(stops[stop].x.data)
    }
  })

  it('refuses a segment count that fits neither an open path nor a loop, and names both valid counts', () => {
    expect(() => countFrames(path(3, segment(2)))).toThrow(/takes 2 segments, or 3/)
    expect(() => pathPosition(path(2, segment(1), segment(1), segment(1)), 0)).toThrow(RangeError)
  })

  it.each([-1, 7, 0.5, NaN])('has no frame %d', (frame) => {
    expect(() => pathPosition(path(3, segment(4), segment(2)), frame)).toThrow(RangeError)
  })
})

describe('a grid', () => {
  it('shows the four corner latents unchanged at its corners (would catch swapped rows and columns)', () => {
    const corners = latents(4)
    const plan = grid(4, 3)
    expect(countFrames(plan)).toBe(12)
    for (const [frame, corner] of [
      [0, 0],
      [3, 1],
      [8, 2],
      [11, 3],
    ]) {
      expect(latentOfFrame(plan, corners, frame).x.data).toEqual(corners[corner].x.data)
    }
  })

  it('numbers its frames row by row', () => {
    expect(gridPosition(grid(3, 2), 1)).toEqual({ across: 0.5, down: 0 })
    expect(gridPosition(grid(3, 2), 5)).toEqual({ across: 1, down: 1 })
  })

  it('slerps between slerps along its left and right edges (would catch mixed-up corners)', () => {
    const [topLeft, topRight, bottomLeft, bottomRight] = latents(4)
    const left = slerp(topLeft, bottomLeft, 0.5)
    const right = slerp(topRight, bottomRight, 0.5)
    const middle = latentOfFrame(grid(3, 3), [topLeft, topRight, bottomLeft, bottomRight], 4)
    expect(middle.x.data).toEqual(slerp(left, right, 0.5).x.data)
  })
})

describe('a list', () => {
  it('returns its latents unchanged, and refuses a frame beyond its end', () => {
    const plan: FramePlan = { kind: 'list', latents: sources(2) }
    const given = latents(2)
    expect(countFrames(plan)).toBe(2)
    expect(latentOfFrame(plan, given, 1)).toBe(given[1])
    expect(() => latentOfFrame(plan, given, 2)).toThrow(RangeError)
  })
})
