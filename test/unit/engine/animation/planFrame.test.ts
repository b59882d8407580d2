import { expect, it } from 'vitest'
import { framePlan } from '#shared/framePlan'
import { planFrame } from '#engine/animation/planFrame'
import { unconditional } from '#engine/model/network/condition'
import type { ResolvedLatent } from '#engine/latent/ResolvedLatent'
import { drawLatent } from '../../core/diffusion/draws'

const stops = [1, 2, 3, 4].map(
  (seed) => ({ key: `${seed}`, latent: drawLatent(seed), condition: unconditional }) as ResolvedLatent,
)
const seeds = [1, 2, 3, 4].map((seed) => ({ kind: 'seed', seed }))

it.each<[plan: object, items: number[], why: string]>([
  [{ kind: 'list', latents: seeds }, [0, 1, 2, 3], 'pictures of their own have noise of their own'],
  [
    { kind: 'path', stops: seeds, segments: [1, 1, 1].map((frames) => ({ frames })) },
    [0, 0, 0, 0],
    'a film shares one path',
  ],
  [{ kind: 'grid', corners: seeds, columns: 2, rows: 2 }, [0, 0, 0, 0], 'so does a grid'],
])('%j: %s', (plan, expected) => {
  const frames = [0, 1, 2, 3].map((index) => planFrame(framePlan.parse(plan), stops, index))
  expect(frames.map(({ noiseItem }) => noiseItem)).toEqual(expected)
})

it.each<[plan: object, read: number]>([
  [{ kind: 'list', latents: seeds }, 1],
  [{ kind: 'path', stops: seeds, segments: [1, 1, 1].map((frames) => ({ frames })) }, 4],
])(
  '%j: a planned frame holds no latents until it is asked for its own (would catch memory that grows with the square of the frames)',
  (plan, read) => {
    let reads = 0
    const counted = stops.map((stop): ResolvedLatent => ({
      ...stop,
      get latent() {
        reads++
        return stop.latent
      },
    }))
    const frames = [0, 1, 2, 3].map((index) => planFrame(framePlan.parse(plan), counted, index))
    expect(reads).toBe(0)
    expect(frames[2].latent()).toEqual(stops[2].latent)
    expect(reads).toBe(read)
  },
)

it('hashes a pinned picture once for all frames of a film (would catch a save that takes minutes)', () => {
  let reads = 0
  const picture = {
    get data() {
      reads++
      return Float32Array.of(0.5)
    },
    shape: [1, 1, 1, 1],
  } as const
  const pinned = stops.map((stop): ResolvedLatent => ({ ...stop, pin: { picture, reconstruction: picture } }))
  const segments = [1, 1, 1].map(() => ({ frames: 10 }))
  const plan = framePlan.parse({ kind: 'path', stops: seeds, segments, pinned: true })
  const keys = Array.from({ length: 31 }, (_unused, index) => planFrame(plan, pinned, index).key)
  expect(new Set(keys).size).toBe(31)
  expect(reads).toBe(1)
})
