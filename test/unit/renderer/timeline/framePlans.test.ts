import { describe, expect, it } from 'vitest'
import type { FramePlan } from '#shared/framePlan'
import type { LatentSource } from '#shared/latentSource'
import { encodeSettings } from '#shared/settings'
import { frameNames, segmentRequest, wholePlan } from '../../../../src/renderer/timeline/framePlans'
import { changeSegment, setClosed } from '#core/timeline/pathEdits'
import type { TimelinePath } from '../../../../src/renderer/timeline/stops'
import { countFrames, pathPosition } from '#core/timeline/timeline'

const latent = (path: string): LatentSource => ({
  kind: 'picture',
  picture: { path, fit: { mode: 'cover' } },
  encode: encodeSettings.parse({}),
  restandardise: false,
})
const segment = (frames: number) => ({ frames, easing: 'linear' as const, interpolation: 'slerp' as const })
const path: TimelinePath = {
  stops: ['a', 'b', 'c'].map((id) => ({ id, source: id })),
  segments: [segment(4), segment(6)],
}
const source = { path, latents: ['/a.png', '/b.png', '/c.png'].map(latent) }
const closed = { path: setClosed(path, true), latents: source.latents }

describe('framePlans', () => {
  it.each([
    ['open', source],
    ['closed', closed],
  ])('requests the same mixture segment by segment as in the whole %s plan', (_name, plan) => {
    const whole = wholePlan(plan)!
    const names = frameNames(plan, '')
    expect(names.length).toBe(countFrames(whole))
    for (const frame of names.keys()) {
      const part = segmentRequest(plan, frame)
      const wanted = mixture(whole, frame)
      expect(mixture(part.plan, part.index)).toEqual(wanted)
    }
  })

  it('shows the frame of the stop throughout a hold', () => {
    const held = { ...source, path: changeSegment(path, 0, { easing: 'hold' }) }
    const names = frameNames(held, 'model')
    expect(new Set(names.slice(0, 4)).size).toBe(1)
    expect(names[4]).toBe(frameNames(source, 'model')[4])
    for (const frame of [0, 1, 3]) expect(pathPosition(wholePlan(held)!, frame).fraction).toBe(0)
  })

  it('distinguishes curves by their handles, and does not rename frames of other segments', () => {
    const drawn = (x1: number) =>
      frameNames({ ...source, path: changeSegment(path, 0, { easing: [x1, 0, 0.2, 1] }) }, 'model')
    expect(drawn(0.8)[1]).not.toBe(drawn(0.7)[1])
    expect(drawn(0.8).slice(4)).toEqual(frameNames(source, 'model').slice(4))
  })

  it('keeps the names of frames in other segments when one segment is edited, so that they are not rendered again', () => {
    const before = frameNames(source, 'model')
    const after = frameNames({ ...source, path: changeSegment(path, 1, { frames: 9 }) }, 'model')
    expect(after.slice(0, 5)).toEqual(before.slice(0, 5))
    expect(after[5]).not.toBe(before[5])
  })

  it('gives a stop the same name from both sides, and a halfway frame the same name at any segment length', () => {
    const names = frameNames(source, 'model')
    expect(names[10]).toBe(frameNames({ ...source, path: setClosed(path, true) }, 'model')[10])
    const longer = frameNames({ ...source, path: changeSegment(path, 0, { frames: 8 }) }, 'model')
    expect(longer[4]).toBe(names[2])
  })

  it('names frames differently for another model, picture or encoding', () => {
    const other = { path, latents: [latent('/z.png'), ...source.latents.slice(1)] }
    expect(frameNames(other, 'model')[1]).not.toBe(frameNames(source, 'model')[1])
    expect(frameNames(source, 'other')[1]).not.toBe(frameNames(source, 'model')[1])
  })
})

function mixture(plan: FramePlan, index: number) {
  if (plan.kind !== 'path') throw new Error('not a path')
  const { from, to, fraction, interpolation } = pathPosition(plan, index)
  const ends =
    fraction === 0
      ? [plan.stops[from]]
      : fraction === 1
        ? [plan.stops[to]]
        : [plan.stops[from], plan.stops[to]]
  return { ends, fraction: fraction % 1, interpolation: fraction % 1 === 0 ? null : interpolation }
}
