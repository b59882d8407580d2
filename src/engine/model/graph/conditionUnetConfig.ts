import { StudioError } from '#shared/errors'
import type { BlockPlan } from './blocks'
import { readConfig, unevenSize } from './configFile'
import { conditionUnetClass, type RawConditionUNetConfig } from './rawConditionUnetConfig'
import type { SinusoidOptions } from './timeEmbedding'

/** The attention to the text at one resolution. */
export interface AttentionPlan {
  readonly heads: number
  /** The number of transformer blocks after every residual block. */
  readonly depth: number
}

/** One block of a text-conditional U-Net. */
export type ConditionBlockPlan = BlockPlan & AttentionPlan

/**
 * The number of sizes that SDXL is given besides a text: height and width of the original, the crop and the picture.
 */
export const addedSizes = 6

/** The extra conditioning of SDXL besides the text: the sizes and crops it was trained with. */
export interface AddedConfig {
  /** Length of the vector: the pooled text embedding and the sinusoids of every number. */
  readonly length: number
  /** The number of sinusoids per number. */
  readonly sinusoidChannels: number
}

/** What a `UNet2DConditionModel` computes, read from its configuration. */
export interface ConditionUNetConfig extends SinusoidOptions {
  readonly channels: number
  readonly outChannels: number
  readonly height: number
  readonly width: number
  readonly centerInputSample: boolean
  readonly firstChannels: number
  readonly downBlocks: readonly ConditionBlockPlan[]
  readonly midBlock: AttentionPlan
  readonly upBlocks: readonly ConditionBlockPlan[]
  readonly midBlockScaleFactor: number
  readonly downsamplePadding: number
  readonly normNumGroups: number
  readonly normEps: number
  readonly timeEmbeddingDim: number
  readonly linearProjection: boolean
  /** Whether attention weights are computed in float32 in every precision. */
  readonly upcastAttention: boolean
  /** Channels of a text token. */
  readonly textChannels: number
  /** Null for networks conditioned on text alone. */
  readonly added: AddedConfig | null
}

/**
 * Reads the configuration of a diffusers `UNet2DConditionModel`.
 *
 * @param json  content of config.json
 * @param path  of that file, for messages
 * @throws StudioError UNSUPPORTED naming what is not supported, BAD_MODEL for contradictory values
 */
export function parseConditionUNetConfig(json: unknown, path: string): ConditionUNetConfig {
  refuseUnevenDepths(json, path)
  const raw = readConfig(json, path, conditionUnetClass)
  const levels = raw.block_out_channels.length
  const problem = contradiction(raw, levels)
  if (problem) throw new StudioError('BAD_MODEL', `${path}: ${problem}.`)
  const [height, width] =
    typeof raw.sample_size === 'number' ? [raw.sample_size, raw.sample_size] : raw.sample_size
  // In diffusers, `attention_head_dim` holds the number of heads: a naming mistake kept for old files.
  const heads = perLevel(raw.attention_head_dim, levels)
  const depths = perLevel(raw.transformer_layers_per_block, levels)
  const layers = perLevel(raw.layers_per_block, levels)
  const planAt = (level: number, withAttention: boolean): Omit<ConditionBlockPlan, 'resampling'> => ({
    channels: raw.block_out_channels[level],
    layers: layers[level],
    withAttention,
    heads: heads[level],
    depth: depths[level],
  })
  const resamplingOf = (i: number) => (i === levels - 1 ? null : 'conv')
  return {
    channels: raw.in_channels,
    outChannels: raw.out_channels,
    height,
    width,
    centerInputSample: raw.center_input_sample,
    firstChannels: raw.block_out_channels[0],
    downBlocks: raw.down_block_types.map((type, i) => ({
      ...planAt(i, type.startsWith('Cross')),
      resampling: resamplingOf(i),
    })),
    midBlock: { heads: heads[levels - 1], depth: depths[levels - 1] },
    upBlocks: raw.up_block_types.map((type, i) => {
      const plan = planAt(levels - 1 - i, type.startsWith('Cross'))
      return { ...plan, layers: plan.layers + 1, resampling: resamplingOf(i) }
    }),
    midBlockScaleFactor: raw.mid_block_scale_factor,
    downsamplePadding: raw.downsample_padding,
    normNumGroups: raw.norm_num_groups,
    normEps: raw.norm_eps,
    timeEmbeddingDim: raw.time_embedding_dim ?? 4 * raw.block_out_channels[0],
    sinusoidChannels: raw.block_out_channels[0],
    flipSinToCos: raw.flip_sin_to_cos,
    freqShift: raw.freq_shift,
    linearProjection: raw.use_linear_projection,
    upcastAttention: raw.upcast_attention ?? false,
    textChannels: perLevel(raw.cross_attention_dim, levels)[0],
    added: addedOf(raw),
  }
}

/**
 * Refuses a network whose blocks of one level differ in depth, before its single options are looked at.
 *
 * @throws StudioError UNSUPPORTED
 */
function refuseUnevenDepths(json: unknown, path: string): void {
  const depths = (json as { transformer_layers_per_block?: unknown } | null)?.transformer_layers_per_block
  if (!Array.isArray(depths) || !depths.some(Array.isArray)) return
  throw new StudioError(
    'UNSUPPORTED',
    `${path}: a network whose blocks of one level have different numbers of transformers ("transformer_layers_per_block" ${JSON.stringify(depths)}), such as Segmind's SSD-1B, is not supported: choose the model that it was distilled from, or export it to ONNX with optimum.`,
  )
}

function addedOf(raw: RawConditionUNetConfig): AddedConfig | null {
  if (raw.addition_embed_type === null) return null
  return {
    length: raw.projection_class_embeddings_input_dim!,
    sinusoidChannels: raw.addition_time_embed_dim!,
  }
}

/** Expands one value to all levels, or returns one value per level as it is. */
function perLevel(value: number | readonly number[], levels: number): readonly number[] {
  return typeof value === 'number' ? Array<number>(levels).fill(value) : value
}

/** Describes a contradiction between options, as a clause without a full stop; undefined if there is none. */
function contradiction(raw: RawConditionUNetConfig, levels: number): string | undefined {
  const lists = [raw.down_block_types, raw.up_block_types]
  const values = [
    raw.attention_head_dim,
    raw.transformer_layers_per_block,
    raw.layers_per_block,
    raw.cross_attention_dim,
  ]
  const isUneven = (one: number | readonly unknown[]) => typeof one !== 'number' && one.length !== levels
  if ([...lists, ...values].some(isUneven)) {
    return `lists of blocks and their options must be as long as "block_out_channels"`
  }
  if (new Set(perLevel(raw.cross_attention_dim, levels)).size > 1) {
    return `"cross_attention_dim" must be the same for all blocks, for there is one text`
  }
  if (raw.out_channels !== raw.in_channels) {
    return `"out_channels" is ${raw.out_channels} and "in_channels" ${raw.in_channels}, but noise has the shape of the state: networks for inpainting, depth and editing are shown more than a state`
  }
  const uneven = unevenSize(raw.sample_size, levels)
  if (uneven) return uneven
  const groups = raw.norm_num_groups
  const ungroupable = raw.block_out_channels.find((channels) => channels % groups !== 0)
  if (ungroupable) return `${ungroupable} channels do not divide into "norm_num_groups" ${groups}`
  const heads = perLevel(raw.attention_head_dim, levels)
  const level = attendingLevels(raw).find((i) => raw.block_out_channels[i] % heads[i] !== 0)
  if (level !== undefined) {
    return `${raw.block_out_channels[level]} channels do not divide into ${heads[level]} heads`
  }
  if (raw.block_out_channels[0] % 2 !== 0) return `the first of "block_out_channels" must be even`
  return contradictionOfAdded(raw)
}

/** Returns the levels with attention: those whose down or up block has it, and the last, for the middle. */
function attendingLevels({ down_block_types: down, up_block_types: up }: RawConditionUNetConfig): number[] {
  const last = down.length - 1
  const attends = (type: string) => type.startsWith('Cross')
  return [...down.keys()].filter((i) => i === last || attends(down[i]) || attends(up[last - i]))
}

function contradictionOfAdded(raw: RawConditionUNetConfig): string | undefined {
  const {
    addition_embed_type: added,
    addition_time_embed_dim: dim,
    projection_class_embeddings_input_dim: length,
  } = raw
  if (added === null) return undefined
  if (dim === null || length === null) {
    return `"addition_embed_type" ${added} needs "addition_time_embed_dim" and "projection_class_embeddings_input_dim"`
  }
  return dim % 2 === 0 ? undefined : `"addition_time_embed_dim" must be even`
}
