import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engineRoutes } from '#shared/contract'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { createEngineHandlers } from '#engine/handlers'
import { openModel } from '#engine/model/denoiser/openModel'
import { readModelInfo } from '#engine/model/folders/modelInfo'
import { stackConditions } from '#engine/model/network/condition'
import { undisputed } from '#engine/model/network/Turns'
import { decodeSafetensors, encodeSafetensors, readTensor } from '#engine/model/weights/safetensors'
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

describe('a text encoder', () => {
  let folder: string
  const use = (name: string) => cp(join(root, name), folder, { recursive: true, force: true })
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'texts-'))
    await use('sd1')
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** Returns how far the encoding of a text is from the one recorded from transformers. */
  async function distance(key: string, text: string): Promise<number> {
    const model = await openModel({ path: folder, threads: 1 })
    const condition = await model.texts!.encode(text, undisputed)
    await model.close()
    return largestDifference(condition.text.data, (await read(folder, `${key}_text`)).data)
  }

  async function changeJson(part: string, changes: object): Promise<void> {
    const path = join(folder, part)
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...changes }))
  }

  /** Gives the encoder a vocabulary of the size of CLIP's, of which the fixture's is the end. */
  async function widenVocabulary(): Promise<void> {
    const path = join(folder, 'text_encoder/model.safetensors')
    const [size, name] = [49408, 'embeddings.token_embedding.weight']
    const { tensors } = decodeSafetensors(await readFile(path))
    const { data, shape } = tensors.get(name)!
    const wide = new Float32Array(size * shape[1])
    wide.set(data, wide.length - data.length)
    const table = { data: wide, shape: [size, shape[1]] }
    await writeFile(path, encodeSafetensors({ ...Object.fromEntries(tensors), [name]: table }))
    await changeJson('text_encoder/config.json', { vocab_size: size })
  }

  it('may store the numbers of its positions, as the published files do (would catch refusing them)', async () => {
    const path = join(folder, 'text_encoder/model.safetensors')
    const { tensors } = decodeSafetensors(await readFile(path))
    const positions = { dtype: 'I64' as const, shape: [1, 77], data: new BigInt64Array(77) }
    const name = 'text_model.embeddings.position_ids'
    await writeFile(path, encodeSafetensors({ ...Object.fromEntries(tensors), [name]: positions }))
    expect((await readModelInfo(folder)).warnings).toEqual([])
    expect(await distance(...texts[1])).toBeLessThan(1e-4)
  })

  it.each([538, 0])(
    'encodes the empty text without a tokenizer, and refuses others, with bos_token_id %i',
    async (bos) => {
      await rm(join(folder, 'tokenizer'), { recursive: true })
      // As in the published files, which number both tokens wrongly.
      const wrong = { bos_token_id: bos, eos_token_id: 2, pad_token_id: 1 }
      if (bos === 0) {
        await widenVocabulary()
        await changeJson('text_encoder/config.json', wrong)
      }
      expect((await readModelInfo(folder)).warnings).toEqual([
        expect.stringMatching(/tokenizer holds no tokenizer: put.*leave all prompts empty/),
      ])
      expect(await distance(...texts[0])).toBeLessThan(1e-4)
      await expect(distance(...texts[1])).rejects.toMatchObject({
        code: 'BAD_MODEL',
        message: expect.stringMatching(/tokenizer holds no whole tokenizer: put.*leave the prompt empty/),
      })
    },
  )

  it('fills up the empty text of SDXL without its tokenizers as with them (would catch the end token in its second encoder)', async () => {
    await use('sdxl')
    const encode = async () => {
      const model = await openModel({ path: folder, threads: 1 })
      const { text, pooled } = await model.texts!.encode('', undisputed)
      await model.close()
      return { text: text.data, pooled: pooled.data }
    }
    const withTokenizers = await encode()
    // The fixture's files number the end 2, which is put right only in a vocabulary as large as CLIP's.
    for (const name of ['text_encoder', 'text_encoder_2']) {
      await changeJson(`${name}/config.json`, { eos_token_id: 539 })
    }
    for (const name of ['tokenizer', 'tokenizer_2']) await rm(join(folder, name), { recursive: true })
    expect(await encode()).toEqual(withTokenizers)
  })

  it('refuses even the empty text once its tokenizer is one of another kind (would catch tokens that were invented without a word)', async () => {
    const model = await openModel({ path: folder, threads: 1 })
    await rm(join(folder, 'tokenizer'), { recursive: true })
    await mkdir(join(folder, 'tokenizer'))
    await writeFile(join(folder, 'tokenizer/spiece.model'), 'x')
    await expect(model.texts!.encode('', undisputed)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await model.close()
  })

  it('refuses a word that was added to the tokenizer alone, which makes another model of it (would catch an error of onnxruntime, and results of another vocabulary)', async () => {
    const { sha256 } = await readModelInfo(folder)
    await writeFile(join(folder, 'tokenizer/added_tokens.json'), '{ "<cat-toy>": 540 }')
    expect((await readModelInfo(folder)).sha256).not.toBe(sha256)
    expect(await distance(...texts[1])).toBeLessThan(1e-4)
    await expect(distance('house', 'a <cat-toy>')).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringMatching(/tokenizer has more tokens than the 540 of its text encoder: put/),
    })
  })

  it('refuses even the empty text where only the tokenizer tells what it is filled up with', async () => {
    await use('sd2')
    await rm(join(folder, 'tokenizer'), { recursive: true })
    expect((await readModelInfo(folder)).warnings).toEqual([
      expect.stringMatching(/tokenizer holds no tokenizer: put that folder of the model there\.$/),
    ])
    await expect(distance(...texts[0])).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringMatching(
        /tokenizer holds no whole tokenizer: put that folder of the model there\.$/,
      ),
    })
  })
})

describe('a prompt that is longer than the text encoder reads', () => {
  const path = join(root, 'sd1')
  /** Letters by themselves are a token each in any vocabulary of bytes. */
  const promptOf = (tokens: number) => Array<string>(tokens).fill('a').join(' ')

  async function noticesOf(prompts: object): Promise<string[]> {
    const notices: string[] = []
    const latent = { kind: 'seed', seed: 1, ...prompts }
    const input = engineRoutes['latent.info'].input.parse({ model: { path, threads: 1 }, latent })
    const context = { ...quietContext, notice: (sentence: string) => void notices.push(sentence) }
    await createEngineHandlers()['latent.info'](input, context)
    return notices
  }

  it('is reported with how many tokens were left out (would catch a silent cut)', async () => {
    expect(await noticesOf({ prompt: promptOf(75) })).toEqual([])
    expect(await noticesOf({ prompt: promptOf(76) })).toEqual([
      expect.stringMatching(/^The prompt "a a a.*…" is longer than the 75 tokens.*last token was left out/),
    ])
    expect(await noticesOf({ sourcePrompt: promptOf(80) })).toEqual([
      expect.stringMatching(/last 5 tokens were left out/),
    ])
  })

  it('is shown up to a whole character (would catch half an emoji in the message)', async () => {
    expect(await noticesOf({ prompt: `${'😀'.repeat(60)} ${promptOf(76)}` })).toEqual([
      expect.stringContaining(`The prompt "${'😀'.repeat(40)}…" is longer`),
    ])
    expect(await noticesOf({ prompt: `a${'😀'.repeat(60)} ${promptOf(76)}` })).toEqual([
      expect.stringContaining(`The prompt "a${'😀'.repeat(39)}…" is longer`),
    ])
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
    const first = async (pinned: boolean, prompts: object) => {
      const picture = { kind: 'picture', picture: { path }, encode: decode, ...prompts }
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
