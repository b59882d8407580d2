import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { engineRoutes } from '#shared/contract'
import { createRenderCache } from '#engine/animation/renderCache'
import { planFrame } from '#engine/animation/planFrame'
import { collectFrames } from '#engine/animation/collectFrames'
import { encodeAndMeasure } from '#engine/latent/encodeAndMeasure'
import { resolveLatent, resolveStops } from '#engine/latent/resolveLatent'
import { Denoiser } from '#engine/model/denoiser/Denoiser'
import { openModel } from '#engine/model/denoiser/openModel'
import type { Network } from '#engine/model/network/Network'
import { Turns } from '#engine/model/network/Turns'
import { Job } from '#engine/job/Job'
import { tinyModel } from '../../../fixtures/cli'
import { quietContext } from '../../../fixtures/job'

const steps = { solver: 'ddim', timestepSpacing: 'linear', steps: 3 } as const

/** A network whose output depends on how many items are evaluated at once, as that of a graphics card does. */
function roundingNetwork(parts: number): Network {
  const sliceOf = (batch: number) => Math.ceil(batch / parts)
  return {
    outputChannels: 3,
    sliceOf,
    groupOf: sliceOf,
    async evaluate({ sample }, out) {
      const [items] = sample.shape
      for (let i = 0; i < out.data.length; i++) out.data[i] = sample.data[i] * (0.5 + 0.05 * items)
    },
    deviceFailure: () => null,
    close: async () => undefined,
  }
}

/** A job on a device that takes batches of 4, each in so many parts. */
async function jobOnDevice(parts: number): Promise<Job> {
  const model = await openModel({ path: tinyModel, threads: 1 })
  const { info, schedule, space } = model
  const { stateShape } = space
  const network = roundingNetwork(parts)
  const denoiser = new Denoiser({ model: info, network, schedule, stateShape, turns: new Turns() })
  return new Job({ model: { ...model, denoiser, batch: 4 }, context: quietContext, priority: 'export' })
}

const model = { path: tinyModel, threads: 1 }
const picture = { path: resolve('resources/samples/apple-red.webp') }

/** Returns some frames of a film from a picture to a seed. */
async function render(
  job: Job,
  indices: readonly number[],
  { measured = false } = {},
): Promise<Uint8Array[]> {
  const cache = createRenderCache()
  const { plan, decode: settings } = engineRoutes['animation.export'].input.parse({
    model,
    plan: {
      kind: 'path',
      stops: [
        { kind: 'picture', picture, encode: steps },
        { kind: 'seed', seed: 1 },
      ],
      segments: [{ frames: 4 }],
    },
    decode: steps,
    target: { path: 'film.gif', format: 'gif', fps: 20, scale: 1 },
  })
  if (measured) {
    const request = engineRoutes['latent.encode'].input.parse({
      model,
      picture,
      encode: steps,
      decode: steps,
    })
    await encodeAndMeasure(cache.latents, job, request)
  }
  const stops = await resolveStops(plan, (source) => resolveLatent(cache.latents, job, source, settings))
  const frames = indices.map((index) => planFrame(plan, stops, index))
  return collectFrames(cache, job, frames, { settings })
}

describe('a frame on a device that rounds by the size of a slice', () => {
  it('is the same at a picture’s stop whether the picture was measured before or not (would catch films and shards that depend on the cache)', async () => {
    const job = await jobOnDevice(1)
    const all = [0, 1, 2, 3, 4]
    expect(await render(job, all, { measured: true })).toEqual(await render(job, all))
  })

  it.each([1, 2, 3])(
    'is the same alone and among others, with batches in %i parts (would catch a rest that is cut into smaller slices)',
    async (parts) => {
      const job = await jobOnDevice(parts)
      const together = await render(job, [0, 1, 2, 3, 4])
      expect(await render(job, [4, 1])).toEqual([together[4], together[1]])
      expect(await render(job, [2])).toEqual([together[2]])
    },
  )
})
