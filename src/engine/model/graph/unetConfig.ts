import { StudioError } from '#shared/errors'
import type { BlockPlan } from './blocks'
import type { SinusoidOptions } from './timeEmbedding'
import { readConfig, unevenSize } from './configFile'
import { type RawUNetConfig, unetClass } from './rawUnetConfig'

/** What a `UNet2DModel` computes, read from its configuration. */
export interface UNetConfig extends SinusoidOptions {
  readonly channels: number
  /** Channels of its output: those of the state, or twice as many if it also predicts a learned variance. */
  readonly outChannels: number
  readonly height: number
  readonly width: number
  /** Whether the network itself maps [0, 1] to [-1, 1]. */
  readonly centerInputSample: boolean
  /** The number of classes; null for an unconditional network. */
  readonly classCount: number | null
  readonly blockOutChannels: readonly number[]
  readonly downBlocks: readonly BlockPlan[]
  readonly upBlocks: readonly BlockPlan[]
  readonly hasMidBlock: boolean
  readonly addAttention: boolean
  /** Groups of the norm before the middle attention; null for no norm. */
  readonly midAttentionGroups: number | null
  readonly midBlockScaleFactor: number
  /** Channels of one attention head; null for a single head over all of them. */
  readonly attentionHeadDim: number | null
  readonly downsamplePadding: number
  readonly normNumGroups: number
  readonly normEps: number
  readonly resnetTimeScaleShift: 'default' | 'scale_shift'
  readonly timeEmbeddingDim: number
}

/**
 * Reads the configuration of a diffusers `UNet2DModel`.
 *
 * @param json  content of config.json
 * @param path  of that file, for messages
 * @throws StudioError UNSUPPORTED naming what is not supported, BAD_MODEL for contradictory values
 */
export function parseUNetConfig(json: unknown, path: string): UNetConfig {
  const raw = readConfig(json, path, unetClass)
  const problem = contradiction(raw)
  if (problem) throw new StudioError('BAD_MODEL', `${path}: ${problem}.`)
  const [height, width] = sizeOfSample(raw)
  const levels = raw.block_out_channels.length
  const scaleShift = raw.resnet_time_scale_shift === 'scale_shift'
  return {
    channels: raw.in_channels,
    outChannels: raw.out_channels,
    height,
    width,
    classCount: raw.num_class_embeds,
    centerInputSample: raw.center_input_sample,
    blockOutChannels: raw.block_out_channels,
    downBlocks: raw.down_block_types.map((type, i) =>
      blockPlan(type, raw.block_out_channels[i], raw.layers_per_block, i === levels - 1, raw.downsample_type),
    ),
    upBlocks: raw.up_block_types.map((type, i) =>
      blockPlan(
        type,
        raw.block_out_channels[levels - 1 - i],
        raw.layers_per_block + 1,
        i === levels - 1,
        raw.upsample_type,
      ),
    ),
    hasMidBlock: raw.mid_block_type !== null,
    addAttention: raw.add_attention,
    midAttentionGroups: raw.attn_norm_num_groups ?? (scaleShift ? null : raw.norm_num_groups),
    midBlockScaleFactor: raw.mid_block_scale_factor,
    attentionHeadDim: raw.attention_head_dim,
    downsamplePadding: raw.downsample_padding,
    normNumGroups: raw.norm_num_groups,
    normEps: raw.norm_eps,
    resnetTimeScaleShift: scaleShift ? 'scale_shift' : 'default',
    timeEmbeddingDim: raw.time_embedding_dim ?? 4 * raw.block_out_channels[0],
    sinusoidChannels: raw.block_out_channels[0],
    flipSinToCos: raw.flip_sin_to_cos,
    freqShift: raw.freq_shift,
  }
}

/**
 * Returns the plan of a block. Only blocks with attention use `downsample_type` and `upsample_type`; for the
 * others, the name determines the resampling.
 */
function blockPlan(
  type: string,
  channels: number,
  layers: number,
  isLast: boolean,
  attentionResampling: string | null,
): BlockPlan {
  const withAttention = type.startsWith('Attn')
  const byResnet = withAttention ? attentionResampling === 'resnet' : type.startsWith('Resnet')
  return { channels, layers, withAttention, resampling: isLast ? null : byResnet ? 'resnet' : 'conv' }
}

function sizeOfSample({ sample_size: size }: RawUNetConfig): [number, number] {
  return typeof size === 'number' ? [size, size] : size
}

/** Describes a contradiction between options, as a clause without a full stop; undefined if there is none. */
function contradiction(raw: RawUNetConfig): string | undefined {
  const levels = raw.block_out_channels.length
  if (raw.down_block_types.length !== levels || raw.up_block_types.length !== levels) {
    return `"down_block_types", "up_block_types" and "block_out_channels" must be equally long`
  }
  if (raw.out_channels !== raw.in_channels && raw.out_channels !== 2 * raw.in_channels) {
    return `"out_channels" is ${raw.out_channels} and "in_channels" ${raw.in_channels}, but noise has the shape of the picture, and with a learned variance twice its channels`
  }
  const uneven = unevenSize(raw.sample_size, levels)
  if (uneven) return uneven
  const groups = raw.norm_num_groups
  const ungroupable = raw.block_out_channels.find((channels) => channels % groups !== 0)
  if (ungroupable) return `${ungroupable} channels do not divide into "norm_num_groups" ${groups}`
  const midGroups = raw.attn_norm_num_groups ?? 1
  if (raw.block_out_channels.at(-1)! % midGroups !== 0) {
    return `the last of "block_out_channels" does not divide into "attn_norm_num_groups" ${midGroups}`
  }
  const headDim = raw.attention_head_dim ?? 1
  const attending = attendingChannels(raw).find((channels) => channels % headDim !== 0)
  if (attending) return `${attending} channels do not divide into attention heads of ${headDim}`
  if (raw.block_out_channels[0] % 2 !== 0) return `the first of "block_out_channels" must be even`
  return undefined
}

function attendingChannels(raw: RawUNetConfig): number[] {
  const channels = raw.block_out_channels
  return [
    ...channels.filter((_, i) => raw.down_block_types[i].startsWith('Attn')),
    ...channels.filter((_, i) => raw.up_block_types[channels.length - 1 - i].startsWith('Attn')),
    ...(raw.mid_block_type !== null && raw.add_attention ? [channels.at(-1)!] : []),
  ]
}
