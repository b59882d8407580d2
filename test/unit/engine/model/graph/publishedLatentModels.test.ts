import { describe, expect, it } from 'vitest'
import { sizeOf } from '#core/diffusion/tensor'
import { codings, writeCoding } from '#engine/model/graph/autoencoder/autoencoderGraph'
import { readAutoencoder } from '#engine/model/graph/autoencoder/autoencoders'
import { GraphWriter } from '#engine/model/graph/graphWriter'
import type { WriteNetwork } from '#engine/model/graph/networkGraph'
import { TensorProto_DataType as DataType } from '#engine/model/graph/onnx_pb'
import { Scope } from '#engine/model/graph/Scope'
import { parseClipConfig, writeClip } from '#engine/model/graph/text/clip'
import { readUNet } from '#engine/model/graph/unet'

/** Configurations as published; the number of parameters of each network is known. */
const stableDiffusion = {
  _class_name: 'UNet2DConditionModel',
  act_fn: 'silu',
  block_out_channels: [320, 640, 1280, 1280],
  cross_attention_dim: 768,
  attention_head_dim: 8,
  layers_per_block: 2,
  sample_size: 64,
}
const stableDiffusion2 = {
  ...stableDiffusion,
  attention_head_dim: [5, 10, 20, 20],
  cross_attention_dim: 1024,
  use_linear_projection: true,
  sample_size: 96,
}
const stableDiffusionXl = {
  ...stableDiffusion2,
  addition_embed_type: 'text_time',
  addition_time_embed_dim: 256,
  attention_head_dim: [5, 10, 20],
  block_out_channels: [320, 640, 1280],
  cross_attention_dim: 2048,
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
  projection_class_embeddings_input_dim: 2816,
  sample_size: 128,
  transformer_layers_per_block: [1, 2, 10],
  up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
}
/** The smallest one, of diffusers' own tests of its pipelines: its first level has fewer channels than heads. */
const tinyStableDiffusion = {
  ...stableDiffusion,
  block_out_channels: [4, 8],
  cross_attention_dim: 32,
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D'],
  layers_per_block: 1,
  norm_num_groups: 2,
  sample_size: 32,
  up_block_types: ['CrossAttnUpBlock2D', 'UpBlock2D'],
}
const autoencoder = {
  _class_name: 'AutoencoderKL',
  block_out_channels: [128, 256, 512, 512],
  down_block_types: Array<string>(4).fill('DownEncoderBlock2D'),
  latent_channels: 4,
  layers_per_block: 2,
  up_block_types: Array<string>(4).fill('UpDecoderBlock2D'),
}
const clipLarge = {
  hidden_size: 768,
  intermediate_size: 3072,
  num_hidden_layers: 12,
  num_attention_heads: 12,
}
const clipBig = {
  hidden_act: 'gelu',
  hidden_size: 1280,
  intermediate_size: 5120,
  num_attention_heads: 20,
  num_hidden_layers: 32,
  projection_dim: 1280,
}

/** Number of values in all tensors that the networks of one file read. */
function countParameters(...networks: WriteNetwork[]): number {
  const tensors = new Map<string, number>()
  const graph = new GraphWriter()
  const asked = {
    take: ([name]: readonly string[], shape: readonly number[]) => {
      tensors.set(name, sizeOf(shape))
      return { name, shape, dataType: DataType.FLOAT, isConstant: true }
    },
  }
  for (const write of networks) write(new Scope(graph, asked))
  return [...tensors.values()].reduce((sum, size) => sum + size, 0)
}

describe('the number of parameters is the same as in diffusers for', () => {
  it.each([
    ['Stable Diffusion 1.5', stableDiffusion, 859_520_964],
    ['Stable Diffusion 2.1', stableDiffusion2, 865_910_724],
    ['Stable Diffusion XL', stableDiffusionXl, 2_567_463_684],
    ['the tests of StableDiffusionPipeline', tinyStableDiffusion, 18_464],
  ])('the U-Net of %s', (_, config, count) => {
    expect(countParameters(readUNet(config, 'config.json').write(1))).toBe(count)
  })

  it('the autoencoder of Stable Diffusion', () => {
    const plan = {
      autoencoder: readAutoencoder(autoencoder, 'config.json').autoencoder,
      stateSize: { height: 64, width: 64 },
    }
    expect(countParameters(...codings.map((coding) => writeCoding(coding, plan, 1)))).toBe(83_653_863)
  })

  it.each([
    ['Stable Diffusion 1.5', clipLarge, false, 123_060_480],
    ['Stable Diffusion XL, the second', clipBig, true, 694_659_840],
  ])('the text encoder of %s', (_, config, pooled, count) => {
    const write = writeClip(parseClipConfig(config, 'config.json'), { tokens: 'lastButOne', pooled })
    expect(countParameters(write)).toBe(count)
  })
})
