import { describe, expect, it } from 'vitest'
import type { LatentSource } from '#shared/latentSource'
import { pathThrough } from '../../../src/cli/commands/morph'
import { countFrames, pathPosition } from '#core/timeline/timeline'

function stops(count: number): LatentSource[] {
  return Array.from({ length: count }, (_, seed) => ({ kind: 'seed', seed }))
}

describe('pathThrough', () => {
  it.each([
    [2, 60, false],
    [3, 60, false],
    [4, 7, false],
    [3, 61, true],
    [5, 5, true],
  ])('%i stops in %i frames (closed %s): plans exactly that many frames', (count, frames, closed) => {
    const plan = pathThrough(stops(count), { frames, easing: 'linear', interpolation: 'slerp', closed })
    expect(countFrames(plan)).toBe(frames)
  })

  it('ends an open path on its last stop', () => {
    const plan = pathThrough(stops(3), { frames: 10, easing: 'easeInOut', interpolation: 'slerp' })
    if (plan.kind !== 'path') throw new Error('a path was asked for')
    expect(pathPosition(plan, 9)).toMatchObject({ to: 2, fraction: 1 })
  })

  it('rejects fewer frames than stops, naming both numbers', () => {
    const options = { frames: 3, easing: 'linear', interpolation: 'slerp' } as const
    expect(() => pathThrough(stops(5), options)).toThrow(/3 frames are too few for 5 stops/)
  })
})
