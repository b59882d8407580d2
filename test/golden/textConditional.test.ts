import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { engineRoutes } from '#shared/contract'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { createEngineHandlers } from '#engine/handlers'
import { openModel } from '#engine/model/denoiser/openModel'
import { readModelInfo } from '#engine/model/folders/modelInfo'
import { stackConditions } from '#engine/model/network/condition'
import { undisputed } from '#engine/model/network/Turns'
import { readTensor } from '#engine/model/weights/safetensors'
import { quietContext } from '../fixtures/job'
import { largestDifference } from './goldenUnet'

/** Tiny pipelines with random weights, recorded from diffusers and transformers: record.py. */
const root = fileURLToPath(new URL('fixtures/text/', import.meta.url))

async function read(folder: string, name: string): Promise<Tensor> {
  const { data, shape } = await readTensor(join(folder, 'io.safetensors'), name)
  return createTensor(shape, data)
}

const texts = [
  ['empty', ''],
  ['house', 'An old house by the sea, at night'],
] as const

describe.each([
  ['sd1', 'quick_gelu, convolutions around the transformers, epsilon', 'epsilon'],
  ['sd2', 'gelu, linear projections, heads a level, velocity', 'v_prediction'],
  ['sdxl', 'two text encoders, the layer before the last, sizes and the text as a whole', 'epsilon'],
] as const)('%s: %s', (name, _, predictionType) => {
  const folder = join(root, name)

  it('reports that it takes prompts', async () => {
    const info = await readModelInfo(folder)
    expect(info).toMatchObject({ takesPrompts: true, predictionType, classes: null, warnings: [] })
    expect(info.picture).toEqual({ channels: 3, height: 16, width: 16 })
  })

  it.each(texts)('encodes the %s text like transformers and predicts like diffusers', async (key, text) => {
    const states = await read(folder, 'states')
    const model = await openModel({ path: folder, threads: 1 })
    const condition = await model.texts!.encode(text, undisputed)
    expect(largestDifference(condition.text.data, (await read(folder, `${key}_text`)).data)).toBeLessThan(
      1e-4,
    )
    if (name === 'sdxl') {
      const pooled = await read(folder, `${key}_pooled`)
      expect(largestDifference(condition.pooled.data, pooled.data)).toBeLessThan(1e-4)
    }
    const answer = await model.denoiser.answer(states, 500, {
      condition: stackConditions([condition, condition]),
    })
    expect(largestDifference(answer.data, (await read(folder, `${key}_predicted`)).data)).toBeLessThan(1e-4)
    await model.close()
  })
})

describe('guidance', () => {
  const handlers = createEngineHandlers()
  const model = { path: join(root, 'sd1'), threads: 1 }
  const decode = { solver: 'ddim', timestepSpacing: 'linear', steps: 3 }
  const frame = async (latent: object, guidance?: number) => {
    const plan = { kind: 'list', latents: [{ kind: 'seed', seed: 3, ...latent }] }
    const settings = guidance === undefined ? decode : { ...decode, guidance }
    const input = engineRoutes['animation.frames'].input.parse({
      model,
      plan,
      indices: [0],
      decode: settings,
    })
    return Buffer.from((await handlers['animation.frames'](input, quietContext)).frames[0]).toString('hex')
  }

  it('has no effect between equal prompts, even at a high weight (would catch a picture that is lost by guidance)', async () => {
    const alike = { prompt: 'a house', sourcePrompt: 'a house' }
    expect(await frame(alike, 7.5)).toBe(await frame(alike))
  })

  it('shows the source prompt at 0 and the prompt at 1 (would catch the two swapped)', async () => {
    const both = { prompt: 'a house', sourcePrompt: 'the sea' }
    expect(await frame(both, 0)).toBe(await frame({ prompt: 'the sea' }))
    expect(await frame(both, 1)).toBe(await frame({ prompt: 'a house' }))
    expect(await frame(both, 5)).not.toBe(await frame(both, 1))
  })

  it('shows the original picture at a pinned stop unless guided to another prompt (would catch an edit that pinning undoes)', async () => {
    const path = join(root, '../../../../resources/samples/apple-red.webp')
    const first = async (pinned: boolean, texts: object) => {
      const picture = { kind: 'picture', picture: { path }, encode: decode, ...texts }
      const segments = [{ frames: 1, easing: 'linear', interpolation: 'slerp' }]
      const plan = { kind: 'path', stops: [picture, { kind: 'seed', seed: 3 }], segments, pinned }
      const input = engineRoutes['animation.frames'].input.parse({ model, plan, indices: [0], decode })
      return Buffer.from((await handlers['animation.frames'](input, quietContext)).frames[0]).toString('hex')
    }
    const own = { prompt: 'an apple' }
    expect(await first(true, own)).not.toBe(await first(false, own))
    const led = { prompt: 'the sea', sourcePrompt: 'an apple' }
    expect(await first(true, led)).toBe(await first(false, led))
  })

  it('refuses a prompt for a model that takes no prompts', async () => {
    const path = fileURLToPath(new URL('fixtures/unet/one-layer', import.meta.url))
    const latent = { kind: 'seed', seed: 1, prompt: 'a house' }
    const input = engineRoutes['latent.info'].input.parse({ model: { path, threads: 1 }, latent })
    await expect(handlers['latent.info'](input, quietContext)).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})
