import { describe, expect, it } from 'vitest'
import type { Latent } from '#core/diffusion/latent'
import { normOf } from '#core/diffusion/latentCombination'
import { dot } from '#core/numbers/vectors'
import { slerp } from '#core/diffusion/slerp'
import {
  interpolate,
  interpolationIds,
  interpolationOf,
  type Interpolation,
} from '#core/timeline/interpolations/registry'
import { countFrames, latentOfFrame, type PathPlan } from '#core/timeline/timeline'
import { drawLatent, latentOf } from '../diffusion/draws'

const shape = [1, 3, 32, 32]
const draws = (count: number, seed = 0) =>
  Array.from({ length: count }, (_, i) => drawLatent(seed + i, shape))

function pathOf(
  lengths: readonly number[],
  interpolation: Interpolation,
  stops = lengths.length + 1,
): PathPlan<unknown> {
  return {
    kind: 'path',
    stops: Array.from({ length: stops }, (_, i) => i),
    segments: lengths.map((frames) => ({ frames, easing: 'linear', interpolation })),
  }
}

const framesOf = (plan: PathPlan<unknown>, latents: readonly Latent[]) =>
  Array.from({ length: countFrames(plan) }, (_, i) => latentOfFrame(plan, latents, i))
const distance = (a: Latent, b: Latent) => Math.hypot(...a.x.data.map((value, i) => value - b.x.data[i]))
const difference = (a: Latent, b: Latent) => a.x.data.map((value, i) => value - b.x.data[i])

/** Latents of these lengths with this angle between any two of them, in radians, at most pi / 2. */
function stopsAt(angle: number, lengths: readonly number[]): Latent[] {
  // One axis shared by all, and one for each.
  const [shared, apart] = [Math.sqrt(Math.cos(angle)), Math.sqrt(1 - Math.cos(angle))]
  return lengths.map((length, at) =>
    latentOf(length * shared, ...lengths.map((_, own) => (own === at ? length * apart : 0))),
  )
}

/** The length of a u + b v for vectors of two lengths, by the law of cosines. */
const sumLength = (from: number, to: number, angle: number, a: number, b: number): number =>
  Math.sqrt((a * from) ** 2 + (b * to) ** 2 + 2 * a * b * from * to * Math.cos(angle))

/** The length that each kind of path has at a fraction f between two latents, by definition. */
const lengthBetween: Record<Interpolation, (from: number, to: number, angle: number, f: number) => number> = {
  slerp: (from, to, angle, f) =>
    sumLength(from, to, angle, Math.sin((1 - f) * angle), Math.sin(f * angle)) / Math.sin(angle),
  // Through stops whose lengths are linear, the exponential of the cubic of their logarithms is nearly that line.
  spline: (from, to, _angle, f) => (1 - f) * from + f * to,
  mix: (from, to, angle, f) => sumLength(from, to, angle, 1 - f, f) / Math.hypot(1 - f, f),
  normLerp: (from, to, _angle, f) => (1 - f) * from + f * to,
  lerp: (from, to, angle, f) => sumLength(from, to, angle, 1 - f, f),
}

describe.each(interpolationIds)('%s', (id) => {
  it('passes through every stop bit for bit, on open and closed paths', () => {
    const latents = draws(4)
    for (const lengths of [
      [3, 1, 5],
      [3, 1, 5, 2],
    ]) {
      const plan = pathOf(lengths, id, 4)
      const frames = framesOf(plan, latents)
      for (const [stop, frame] of [0, 3, 4, 9].entries())
        expect(frames[frame].x.data).toEqual(latents[stop].x.data)
    }
  })

  it('has the norm given by its definition, within 1 %, for stops at several angles and of several norms', () => {
    for (const angle of [0.3, 0.8, 1.2, Math.PI / 2 - 1e-9]) {
      for (const lengths of [
        [55, 55, 55, 55],
        [45, 50, 55, 60],
      ]) {
        const frames = framesOf(pathOf([8, 8, 8], id), stopsAt(angle, lengths))
        for (const [frame, latent] of frames.entries()) {
          const stop = Math.min(Math.floor(frame / 8), 2)
          const expected = lengthBetween[id](lengths[stop], lengths[stop + 1], angle, (frame - 8 * stop) / 8)
          expect(Math.abs(normOf(latent) / expected - 1)).toBeLessThan(0.01)
        }
      }
    }
  })

  it('keeps the norm of Gaussian draws, except lerp, which is known to lose it', () => {
    for (const seed of [0, 100, 200]) {
      const plan = pathOf([8, 8, 8, 8], id)
      const norms = framesOf(plan, draws(5, seed)).map((latent) => normOf(latent) / Math.sqrt(3 * 32 * 32))
      const worst = Math.max(...norms.map((norm) => Math.abs(norm - 1)))
      if (id === 'lerp') expect(worst).toBeGreaterThan(0.25)
      // The draws themselves are up to 3 % off: sqrt(1 / 2d) is 0.9 %. Nor are two of them quite orthogonal.
      else expect(worst).toBeLessThan(0.04)
    }
  })

  it('gives the same path in reverse', () => {
    const latents = draws(4)
    const forth = framesOf(pathOf([4, 6, 3], id), latents)
    const back = framesOf(pathOf([3, 6, 4], id), [...latents].reverse()).reverse()
    expect(forth).toHaveLength(4 + 6 + 3 + 1)
    for (const [i, latent] of forth.entries()) expect(distance(latent, back[i])).toBeLessThan(1e-3)
  })

  it('mixes both states of a leapfrog pair with the same weights', () => {
    const pairs = draws(3).map((latent) => ({ ...latent, previousState: { x: latent.x, timestep: 979 } }))
    const mixed = latentOfFrame(pathOf([4, 4], id), pairs, 3)
    expect(mixed.previousState!.x.data).toEqual(mixed.x.data)
  })

  it('stays finite for equal, opposite, parallel and zero latents', () => {
    const odd = [
      latentOf(1, 0, 0),
      latentOf(1, 0, 0),
      latentOf(-1, 0, 0),
      latentOf(-2, 0, 0),
      latentOf(0, 0, 0),
    ]
    const plan = pathOf([3, 3, 3, 3], id)
    const frames = framesOf(plan, odd)
    expect(frames).toHaveLength(4 * 3 + 1)
    for (const latent of frames) expect(latent.x.data.every(Number.isFinite)).toBe(true)
  })

  it('depends on stops other than its two ends exactly when its registry entry says so', () => {
    const latents = draws(4)
    const changed = [drawLatent(77, shape), latents[1], latents[2], drawLatent(78, shape)]
    const frame = latentOfFrame(pathOf([4, 4, 4], id), latents, 6)
    const other = latentOfFrame(pathOf([4, 4, 4], id), changed, 6)
    expect(distance(frame, other) > 0).toBe(interpolationOf(id).looksAround)
  })
})

describe('the weighted mix of two latents', () => {
  it('keeps the norm of orthogonal latents exactly: (1 - f, f) divided by its length', () => {
    const mixed = interpolate(
      'mix',
      { latents: [latentOf(1, 0), latentOf(0, 1)], from: 0, durations: [1] },
      0.25,
    )
    expect([...mixed.x.data]).toEqual([
      Math.fround(0.75 / Math.sqrt(0.625)),
      Math.fround(0.25 / Math.sqrt(0.625)),
    ])
  })
})

describe('the smooth spline', () => {
  it('follows a great circle through stops evenly spaced on the circle (would catch tangents that leave the circle)', () => {
    const at = (angle: number) => latentOf(Math.cos(angle), Math.sin(angle), 0)
    const latents = [0, 0.7, 1.4, 2.1].map(at)
    const frames = framesOf(pathOf([7, 7, 7], 'spline'), latents)
    expect(frames).toHaveLength(3 * 7 + 1)
    for (const [i, latent] of frames.entries()) {
      const expected = at(i / 10).x.data
      latent.x.data.forEach((value, axis) => expect(value).toBeCloseTo(expected[axis], 5))
    }
  })

  it('equals slerp for two stops, within 1 %', () => {
    const [a, b] = draws(2)
    const frames = framesOf(pathOf([10], 'spline'), [a, b])
    expect(frames).toHaveLength(10 + 1)
    // Their lengths differ by one per cent, and the spline goes from one to the other linearly.
    frames.forEach((latent, i) =>
      expect(distance(latent, slerp(a, b, i / 10)) / normOf(latent)).toBeLessThan(0.01),
    )
  })

  it.each([
    ['segments of one length', [1000, 1000, 1000], 1],
    ['segments of different lengths', [500, 1500, 1000], 1],
    ['a closed path', [1000, 500, 800, 700], 0],
  ])('keeps its speed and direction through each stop of %s (C1)', (_, lengths, first) => {
    const latents = draws(4)
    const plan = pathOf(lengths, 'spline', 4)
    let frame = 0
    for (const [stop, length] of lengths.entries()) {
      if (stop >= first) {
        const count = countFrames(plan)
        const here = latentOfFrame(plan, latents, frame)
        const before = difference(here, latentOfFrame(plan, latents, (frame - 1 + count) % count))
        const after = difference(latentOfFrame(plan, latents, frame + 1), here)
        const jump = Math.hypot(...after.map((value, i) => value - before[i]))
        expect(jump / Math.hypot(...after)).toBeLessThan(0.02)
      }
      frame += length
    }
  })

  it('keeps the direction and a positive length between stops of very unequal lengths (would catch a cubic of the lengths, -0.375 here)', () => {
    const latents = stopsAt(0.8, [12, 1, 1, 12])
    const middle = latentOfFrame(pathOf([2, 2, 2], 'spline'), latents, 3)
    // ln 12, 0, 0, ln 12 have the slopes -/+ (ln 12) / 2, and the cubic in the middle is 1/8 of their difference.
    expect(normOf(middle)).toBeCloseTo(12 ** (-1 / 8), 5)
    for (const stop of [latents[1], latents[2]]) expect(dot(middle.x.data, stop.x.data)).toBeGreaterThan(0)
  })

  it('is needed because slerp turns a corner at a stop (would catch a smoothness test that never fails)', () => {
    const plan = pathOf([1000, 1000], 'slerp')
    const latents = draws(3)
    const [before, here, after] = [999, 1000, 1001].map((frame) => latentOfFrame(plan, latents, frame))
    const jump = difference(after, here).map((value, i) => value - (here.x.data[i] - before.x.data[i]))
    expect(Math.hypot(...jump) / distance(after, here)).toBeGreaterThan(0.5)
  })
})
