import { fromBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { alphaBarOf } from '#core/diffusion/noiseLevel'
import { createNoiseSchedule } from '#core/diffusion/noiseSchedule'
import { sizeOf } from '#core/diffusion/tensor'
import { GraphWriter } from '#engine/model/graph/graphWriter'
import { ModelProtoSchema, TensorProto_DataType as DataType } from '#engine/model/graph/onnx_pb'
import { Scope } from '#engine/model/graph/Scope'
import { parseUNetConfig } from '#engine/model/graph/unetConfig'
import { writeUNet } from '#engine/model/graph/unetGraph'

/** The options common to Google's models of 2022, as published: before half of today's options existed. */
const google = {
  _class_name: 'UNet2DModel',
  _diffusers_version: '0.0.4',
  act_fn: 'silu',
  attention_head_dim: null,
  center_input_sample: false,
  downsample_padding: 0,
  flip_sin_to_cos: false,
  freq_shift: 1,
  in_channels: 3,
  layers_per_block: 2,
  mid_block_scale_factor: 1,
  norm_eps: 1e-6,
  norm_num_groups: 32,
  out_channels: 3,
  time_embedding_type: 'positional',
}

const [down, attentionDown, up, attentionUp] = [
  'DownBlock2D',
  'AttnDownBlock2D',
  'UpBlock2D',
  'AttnUpBlock2D',
]

const sixLevels = {
  block_out_channels: [128, 128, 256, 256, 512, 512],
  down_block_types: [down, down, down, down, attentionDown, down],
  up_block_types: [up, attentionUp, up, up, up, up],
}

const cifar = {
  ...google,
  block_out_channels: [128, 256, 256, 256],
  down_block_types: [down, attentionDown, down, down],
  sample_size: 32,
  up_block_types: [up, up, attentionUp, up],
}

const celebaHq = { ...google, ...sixLevels, sample_size: 256 }

/** What diffusers' training tutorial saves. */
const butterflies = {
  ...sixLevels,
  _class_name: 'UNet2DModel',
  _diffusers_version: '0.11.0',
  act_fn: 'silu',
  add_attention: true,
  attention_head_dim: 8,
  center_input_sample: false,
  class_embed_type: null,
  downsample_padding: 1,
  flip_sin_to_cos: true,
  freq_shift: 0,
  in_channels: 3,
  layers_per_block: 2,
  mid_block_scale_factor: 1,
  norm_eps: 1e-5,
  norm_num_groups: 32,
  num_class_embeds: null,
  out_channels: 3,
  resnet_time_scale_shift: 'default',
  sample_size: 128,
  time_embedding_type: 'positional',
}

/** Writes the graph of a configuration without weights; records the shape of each tensor that it reads. */
function write(config: unknown, batch: number) {
  const tensors = new Map<string, readonly number[]>()
  const graph = new GraphWriter()
  const asked = {
    take: ([name]: readonly string[], shape: readonly number[]) => {
      tensors.set(name, shape)
      return { name, shape, dataType: DataType.FLOAT, isConstant: true }
    },
  }
  const writeInto = writeUNet(parseUNetConfig(config, 'config.json'), batch)
  const bytes = graph.finish(writeInto(new Scope(graph, asked)))
  return { tensors, graph: fromBinary(ModelProtoSchema, bytes).graph! }
}

describe('a published model', () => {
  // Ho et al. 2020, appendix B: "35.7 million parameters", "114 million"; exactly, those of diffusers'
  // modules.
  it.each([
    ['google/ddpm-cifar10-32', cifar, 32, 35_746_307],
    ['google/ddpm-celebahq-256, ddpm-ema-bedroom-256, ddpm-ema-church-256', celebaHq, 256, 113_673_219],
    ['the butterflies of the training tutorial', butterflies, 128, 113_673_219],
  ])(
    'has as many parameters as published, and outputs noise of the shape of its pictures: %s',
    (_, config, size, count) => {
      const { tensors, graph } = write(config, 2)
      expect([...tensors.values()].reduce((sum, shape) => sum + sizeOf(shape), 0)).toBe(count)
      const [output] = graph.output
      if (output.type?.value.case !== 'tensorType') throw new Error('The output is no tensor.')
      expect(output.type.value.value.shape!.dim.map(({ value }) => Number(value.value))).toEqual([
        2,
        3,
        size,
        size,
      ])
    },
  )

  it('uses the defaults of UNet2DModel for options missing from its file (would catch a wrong default)', () => {
    const config = parseUNetConfig(cifar, 'config.json')
    expect(config).toMatchObject({ channels: 3, height: 32, width: 32, timeEmbeddingDim: 512 })
    expect(config).toMatchObject({ hasMidBlock: true, addAttention: true, midAttentionGroups: 32 })
    expect(config.downBlocks.map((block) => block.resampling)).toEqual(['conv', 'conv', 'conv', null])
    expect(
      config.upBlocks.map(({ channels, layers, withAttention }) => [channels, layers, withAttention]),
    ).toEqual([
      [256, 3, false],
      [256, 3, false],
      [256, 3, true],
      [128, 3, false],
    ])
  })

  it('names its tensors as diffusers does (would catch blocks counted from the wrong end)', () => {
    const { tensors } = write(celebaHq, 1)
    expect(Object.fromEntries(tensors)).toMatchObject({
      'time_embedding.linear_1.weight': [512, 128],
      'down_blocks.2.resnets.0.conv_shortcut.weight': [256, 128, 1, 1],
      'down_blocks.4.attentions.1.to_out.0.weight': [512, 512],
      'down_blocks.4.downsamplers.0.conv.weight': [512, 512, 3, 3],
      'mid_block.attentions.0.to_q.weight': [512, 512],
      'up_blocks.1.attentions.2.group_norm.weight': [512],
      'up_blocks.1.resnets.2.conv_shortcut.weight': [512, 768, 1, 1],
      'up_blocks.4.upsamplers.0.conv.weight': [128, 128, 3, 3],
      'conv_out.weight': [3, 128, 3, 3],
    })
    expect(tensors.has('down_blocks.5.downsamplers.0.conv.weight')).toBe(false)
    expect(tensors.has('up_blocks.5.upsamplers.0.conv.weight')).toBe(false)
  })

  it('gets a valid schedule even if its file lacks most of today’s fields', () => {
    const schedule = createNoiseSchedule({
      _class_name: 'DDPMScheduler',
      _diffusers_version: '0.1.1',
      beta_end: 0.02,
      beta_schedule: 'linear',
      beta_start: 0.0001,
      clip_sample: true,
      num_train_timesteps: 1000,
      trained_betas: null,
      variance_type: 'fixed_large',
    })
    expect(schedule).toMatchObject({ predictionType: 'epsilon', numTrainTimesteps: 1000, stepsOffset: 0 })
    // With Ho et al.'s schedule nothing is left of the picture at T: the product of 1 - beta_t, by logs.
    const betas = Array.from({ length: 1000 }, (_, t) => 0.0001 + (0.0199 * t) / 999)
    const logarithm = betas.reduce((sum, beta) => sum + Math.log1p(-beta), 0)
    expect(alphaBarOf(schedule.levels[999])).toBeCloseTo(Math.exp(logarithm), 9)
  })
})
