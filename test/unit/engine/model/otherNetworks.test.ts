import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readModelInfo } from '#engine/model/folders/modelInfo'
import { encodeSafetensors } from '#engine/model/weights/safetensors'

const pipeline = fileURLToPath(new URL('../../../golden/fixtures/text/sd1/', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'other-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function writeTensors(path: string, names: readonly string[]): Promise<string> {
  const one = { dtype: 'F32' as const, shape: [1], data: new Float32Array(1) }
  await writeFile(path, encodeSafetensors(Object.fromEntries(names.map((name) => [name, one]))))
  return path
}

// Names of published files: CompVis' checkpoints, LoRA of kohya, PEFT and diffusers, autoencoders.
const others: [what: string, names: string[], message: RegExp][] = [
  [
    'a checkpoint',
    ['model.diffusion_model.input_blocks.0.0.weight', 'first_stage_model.decoder.conv_in.weight'],
    /a checkpoint of a single file.*from_single_file/,
  ],
  [
    'the network of a checkpoint alone',
    ['model.diffusion_model.input_blocks.0.0.weight', 'model.diffusion_model.out.0.weight'],
    /a checkpoint of a single file/,
  ],
  ['a LoRA of kohya', ['lora_unet_mid_block_proj_in.lora_down.weight', 'lora_te_x.alpha'], /a LoRA, which/],
  [
    'a LoRA of PEFT',
    ['unet.mid_block.to_q.lora_A.weight', 'unet.up_blocks.0.to_q.lora_B.weight'],
    /a LoRA, which/,
  ],
  [
    'a LoRA of diffusers',
    ['mid_block.processor.to_q_lora.down.weight', 'up_blocks.0.processor.to_q_lora.up.weight'],
    /a LoRA, which/,
  ],
  [
    'a network saved after fuse_lora alone',
    [
      'conv_in.weight',
      'down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.default_0.weight',
      'down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.base_layer.weight',
    ],
    /a network with the layers of a LoRA still attached: save it again.*unload_lora_weights/,
  ],
  ['an autoencoder', ['encoder.conv_in.weight', 'decoder.conv_in.weight'], /an autoencoder, which/],
]

describe('weights that are no diffusion network are refused as what they are', () => {
  it.each(others)('%s without a configuration', async (_, names, message) => {
    const path = await writeTensors(join(folder, 'downloaded.safetensors'), names)
    await expect(readModelInfo(path)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(new RegExp(`^${path} holds ${message.source}`)) as string,
    })
  })

  it.each(others)('%s in the place of a network', async (_, names, message) => {
    await cp(pipeline, folder, { recursive: true })
    const path = await writeTensors(join(folder, 'unet/other.safetensors'), names)
    await expect(readModelInfo(path)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(message) as string,
    })
  })

  it('the autoencoder of a pipeline, chosen by its path', async () => {
    const path = join(pipeline, 'vae/diffusion_pytorch_model.safetensors')
    await expect(readModelInfo(path)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/an autoencoder, which is only a part/) as string,
    })
  })

  it('but a network without a configuration lacks only that', async () => {
    const path = await writeTensors(join(folder, 'unet.safetensors'), ['conv_in.weight', 'mid_block.x'])
    await expect(readModelInfo(path)).rejects.toMatchObject({ code: 'BAD_MODEL' })
  })
})
