import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRenderCache } from '#engine/animation/renderCache'
import { findTiming } from '#engine/animation/timing'
import { createEngineHandlers } from '#engine/handlers'
import { decodePng } from '#engine/image/decodePng'
import { engineRoutes } from '#shared/contract'
import { framePlan, type PathFramePlan } from '#shared/framePlan'
import type { Progress } from '#shared/progress'
import { measureFidelity } from '#core/diffusion/fidelity'
import type { DecodeSettings } from '#core/diffusion/settings'
import { frameDistanceOf } from '#core/timeline/frameDistances'
import { countFrames } from '#core/timeline/timeline'
import { pixelsToTensor } from '#engine/image/tensorPixels'
import { drawState } from '#engine/latent/bareLatents'
import { encodeNpy } from '#engine/model/weights/npy'
import { tinyModel } from '../../../fixtures/cli'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { jobOn, quietContext } from '../../../fixtures/job'

const settings = { solver: 'ddim', timestepSpacing: 'linear', steps: 3 } as const
const model = { path: tinyModel, threads: 1 }
const decode = { ...settings, eta: 0, sigmaHat: false, seed: 0, clip: false }
const seeds = (count: number) => Array.from({ length: count }, (_, seed) => ({ kind: 'seed' as const, seed }))

const planOf = (frames: readonly number[], interpolation = 'slerp') =>
  framePlan.parse({
    kind: 'path',
    stops: seeds(frames.length + 1),
    segments: frames.map((count) => ({ frames: count, interpolation })),
  }) as PathFramePlan

interface AskOptions {
  segments?: number[]
  share?: boolean
  decode?: DecodeSettings
}

async function ask(plan: PathFramePlan, options: AskOptions = {}, context = quietContext) {
  const job = await jobOn(tinyModel, { priority: 'interactive', context })
  const request = { plan, decode, distance: 'rmse', share: false, ...options } as const
  return findTiming(createRenderCache(), job, request)
}

/** The distances between the frames of a film, as they are exported. */
async function distancesOf(plan: PathFramePlan, decodedWith: DecodeSettings = decode): Promise<number[]> {
  const indices = Array.from({ length: countFrames(plan) }, (_, i) => i)
  const request = { model, plan, indices, decode: decodedWith }
  const { frames } = await createEngineHandlers()['animation.frames'](
    engineRoutes['animation.frames'].input.parse(request),
    quietContext,
  )
  const pictures = await Promise.all(frames.map(async (png) => pixelsToTensor(await decodePng(png), 3)))
  return pictures
    .slice(1)
    .map((picture, at) => frameDistanceOf('rmse').of(measureFidelity(pictures[at], picture)))
}

const spread = (distances: readonly number[]) => Math.max(...distances) / Math.min(...distances)

describe('even timing', () => {
  it('makes frame distances more equal than easing does, and gives the same result again', async () => {
    const eased = planOf([12])
    eased.segments[0].easing = 'easeInOut'
    const { segments } = await ask(eased)
    expect(segments[0].fractions?.length).toBe(11)
    const [before, after] = [await distancesOf(eased), await distancesOf({ ...eased, segments })]
    expect(spread(after)).toBeLessThan(spread(before) / 2)
    expect((await ask(eased)).segments).toEqual(segments)
  })

  it('reports progress that never falls, over all segments and batches (would catch a count that starts anew with each batch)', async () => {
    const reports: Progress[] = []
    const context = { ...quietContext, report: (progress: Progress) => void reports.push(progress) }
    await ask(planOf([20, 12]), {}, context)
    const measuring = reports.filter(({ phase }) => phase === 'measure')
    expect(measuring.length).toBeGreaterThan(32)
    expect(measuring.map(({ done }) => done)).toEqual(measuring.map(({ done }) => done).sort((a, b) => a - b))
    expect(measuring.at(0)!.done).toBeGreaterThan(0)
    expect(measuring.at(-1)!.done).toBeGreaterThan(20 + 12 / 2)
    for (const { done, total } of measuring) expect([total, done <= 32]).toEqual([32, true])
  })

  it('changes only the requested segments', async () => {
    const { segments } = await ask(planOf([4, 4]), { segments: [1] })
    expect(segments.map(({ fractions }) => fractions?.length)).toEqual([undefined, 3])
  })

  it('times a hold with the whole film only if it was timed evenly before (would catch one that stays outdated)', async () => {
    const plan = planOf([4, 4])
    const fractions = [0.9, 0.95, 0.99]
    plan.segments[0] = { ...plan.segments[0], easing: 'hold', fractions }
    plan.segments[1].easing = 'hold'
    const [timed, held] = (await ask(plan, { share: true })).segments
    expect(held).toEqual(plan.segments[1])
    expect(timed.fractions).toHaveLength(3)
    expect(timed.fractions![0]).toBeLessThan(0.9)
  })

  it('works for films that are decoded with noise (would catch a quick preview that cannot draw noise)', async () => {
    const noisy = { ...decode, steps: 30, eta: 0.5, sigmaHat: true }
    expect((await ask(planOf([4]), { decode: noisy })).segments[0].fractions?.length).toBe(3)
  })

  // 1000 timesteps, so 25 leading steps end at 24 * 40 = 960, and the few steps of the coarse look at 999.
  it('works from a picture to a seed and to a bare file on a spacing with an end of its own (would catch a coarse look whose seed lies elsewhere)', async () => {
    const leading = { solver: 'ddim', timestepSpacing: 'leading', steps: 25 } as const
    const path = join(emptyFolder(), 'bare.npy')
    await writeFile(path, encodeNpy(drawState([3, 16, 16], 3)))
    const picture = { path: resolve('resources/samples/apple-red-yellow.webp') }
    for (const pinned of [false, true]) {
      const plan = framePlan.parse({
        kind: 'path',
        stops: [
          { kind: 'seed', seed: 1 },
          { kind: 'picture', picture, encode: leading },
          { kind: 'file', path },
        ],
        segments: [{ frames: 3 }, { frames: 3 }],
        pinned,
      }) as PathFramePlan
      const { segments } = await ask(plan, { decode: { ...decode, ...leading } })
      expect(segments.map(({ fractions }) => fractions?.length)).toEqual([2, 2])
    }
  })

  it.each(['slerp', 'spline'])(
    'of a whole film with %s distributes frames by change, without losing any',
    async (kind) => {
      const plan = planOf([2, 20, 6], kind)
      const { segments } = await ask(plan, { share: true })
      expect(segments.reduce((sum, { frames }) => sum + frames, 0)).toBe(28)
      const distances = await distancesOf({ ...plan, segments })
      expect(distances).toHaveLength(28)
      expect(spread(distances)).toBeLessThan(4)
    },
  )
})

describe('a pinned path', () => {
  const picture = (name: string) => ({
    kind: 'picture' as const,
    picture: { path: resolve('resources/samples', name) },
    encode: settings,
  })
  const stops = [
    picture('apple-red-yellow.webp'),
    { kind: 'seed' as const, seed: 1 },
    picture('tomato-yellow.webp'),
  ]

  async function render(pinned: boolean, indices: readonly number[]) {
    const request = engineRoutes['animation.frames'].input.parse({
      model,
      plan: { kind: 'path', stops, segments: [{ frames: 4 }, { frames: 4 }], pinned },
      indices,
      decode: settings,
    })
    const { frames } = await createEngineHandlers()['animation.frames'](request, quietContext)
    return Promise.all(frames.map(async (png) => (await decodePng(png)).data))
  }

  /** Mean difference of pixels, in levels. */
  const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length

  it('shows the exact pictures at their stops in any batch size, and leaves seeds unchanged', async () => {
    const handlers = createEngineHandlers()
    const preview = async (name: string) => {
      const request = { picture: { path: resolve('resources/samples', name) }, width: 16, height: 16 }
      const { input } = engineRoutes['picture.preview']
      return (await decodePng(await handlers['picture.preview'](input.parse(request), quietContext))).data
    }
    const [alone] = await render(true, [0])
    const [first, seed, last] = await render(true, [0, 4, 8])
    expect(alone).toEqual(first)
    expect(first).toEqual(await preview('apple-red-yellow.webp'))
    expect(last).toEqual(await preview('tomato-yellow.webp'))
    expect(seed).toEqual((await render(false, [0, 4, 8]))[1])
  })

  it('fades out its correction along the segment', async () => {
    const [pinned, free] = [await render(true, [0, 1, 2, 3, 4]), await render(false, [0, 1, 2, 3, 4])]
    const added = pinned.map((frame, i) => apart(frame, free[i]))
    expect(added[0]).toBeGreaterThan(1)
    for (let i = 1; i < added.length; i++) expect(added[i]).toBeLessThan(added[i - 1])
    expect(added[4]).toBe(0)
  })
})
