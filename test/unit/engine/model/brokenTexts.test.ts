import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readModelInfo } from '#engine/model/folders/modelInfo'
import { readSafetensorsHeader, encodeSafetensors } from '#engine/model/weights/safetensors'

const root = fileURLToPath(new URL('../../../golden/fixtures/text/', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'texts-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function copyOf(name: string): Promise<void> {
  await cp(join(root, name), folder, { recursive: true })
}

async function changeJson(part: string, changes: object): Promise<void> {
  const path = join(folder, part)
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...changes }))
}

/** Gives the U-Net a vector of another length, in its configuration and its weights. */
async function changeAddedLength(length: number): Promise<void> {
  await changeJson('unet/config.json', { projection_class_embeddings_input_dim: length })
  await changeShape('unet/diffusion_pytorch_model.safetensors', 'add_embedding.linear_1.weight', (shape) => [
    shape[0],
    length,
  ])
}

/** Replaces a tensor by zeros of another shape. */
async function changeShape(part: string, name: string, change: (shape: readonly number[]) => number[]) {
  const path = join(folder, part)
  const { tensors } = await readSafetensorsHeader(path)
  const file = await readFile(path)
  const written = [...tensors].map(([key, { dtype, shape, begin, end }]) => {
    if (key !== name) return [key, { dtype, shape, data: Uint8Array.from(file.subarray(begin, end)) }]
    const changed = change(shape)
    return [key, { dtype, shape: changed, data: new Uint8Array(4 * changed[0] * changed[1]) }]
  })
  await writeFile(path, encodeSafetensors(Object.fromEntries(written)))
}

describe('text encoders that contradict the network are refused before anything runs', () => {
  // The encoder's pooled embedding has 20 channels, and the U-Net makes 8 sinusoids of each size.
  it.each([
    [20 + 5 * 8, 'UNSUPPORTED', /is a refiner of SDXL.*aesthetic score/],
    [20 + 7 * 8, 'BAD_MODEL', /is shown 76 values besides the tokens, and its text encoders make 68/],
  ])('a vector of %i values, where six sizes make 68', async (length, code, message) => {
    await copyOf('sdxl')
    await changeAddedLength(length)
    await expect(readModelInfo(folder)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    })
  })

  it('fewer tokens than the network is shown', async () => {
    await copyOf('sd1')
    await changeJson('text_encoder/config.json', { max_position_embeddings: 64 })
    const positions = 'embeddings.position_embedding.weight'
    await changeShape('text_encoder/model.safetensors', positions, (shape) => [64, shape[1]])
    await expect(readModelInfo(folder)).rejects.toThrow(/shown texts of 77 tokens.*text encoders make 64/)
  })

  it('heads that do not divide the channels', async () => {
    await copyOf('sd1')
    await changeJson('text_encoder/config.json', { num_attention_heads: 3 })
    await expect(readModelInfo(folder)).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringMatching(
        /text_encoder.*"num_attention_heads" is wrong.*divide.*; write the value there/,
      ) as string,
    })
  })
})

// Even the empty text would be encoded, from invented tokens.
describe('a tokenizer that is not CLIP’s is refused before anything runs (would catch the tokens of another vocabulary)', () => {
  const unigram = JSON.stringify({ model: { type: 'Unigram', vocab: [['<pad>', 0]] } })
  const ofClass = (name: string) => JSON.stringify({ tokenizer_class: name })
  const [other, partial] = [/of another kind than CLIP's/, /holds no whole tokenizer: put that folder/]
  it.each([
    ['a SentencePiece model', { 'spiece.model': 'x' }, 'UNSUPPORTED', /CLIP's \(spiece\.model\)/],
    [
      'a SentencePiece model with its class',
      { 'spiece.model': 'x', 'tokenizer_config.json': ofClass('T5Tokenizer') },
      'UNSUPPORTED',
      /CLIP's \(T5Tokenizer\)/,
    ],
    ['the class alone', { 'tokenizer_config.json': ofClass('T5Tokenizer') }, 'UNSUPPORTED', other],
    ['a tokenizer.json without byte pairs', { 'tokenizer.json': unigram }, 'UNSUPPORTED', other],
    ['a WordPiece vocabulary', { 'vocab.txt': '[PAD]' }, 'UNSUPPORTED', other],
    ['a vocabulary without merges', { 'vocab.json': '{}' }, 'BAD_MODEL', partial],
    ['the class of CLIP alone', { 'tokenizer_config.json': ofClass('CLIPTokenizer') }, 'BAD_MODEL', partial],
  ] as const)('%s', async (_, files, code, message) => {
    await copyOf('sd1')
    const tokenizer = join(folder, 'tokenizer')
    await rm(tokenizer, { recursive: true })
    await mkdir(tokenizer)
    for (const [name, text] of Object.entries(files)) await writeFile(join(tokenizer, name), text)
    await expect(readModelInfo(folder)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    })
  })

  it('but a folder without files of a tokenizer only lacks one', async () => {
    await copyOf('sd1')
    await rm(join(folder, 'tokenizer'), { recursive: true })
    await mkdir(join(folder, 'tokenizer'))
    await writeFile(join(folder, 'tokenizer/.gitkeep'), '')
    const { warnings } = await readModelInfo(folder)
    expect(warnings).toEqual([expect.stringMatching(/holds no tokenizer.*leave all prompts empty/)])
  })
})
