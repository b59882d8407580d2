import { z } from 'zod'
import { StudioError } from '#shared/errors'

const count = z.int().min(1)
const optionalName = z.string().nullable()

/** config.json as diffusers writes it. Defaults are those of `UNet2DModel.__init__`. */
const configSchema = z.object({
  sample_size: z.union([count, z.tuple([count, count])], 'neither a size nor a height and a width'),
  in_channels: count.default(3),
  out_channels: count.default(3),
  center_input_sample: z.boolean().default(false),
  time_embedding_type: z.string().default('positional'),
  time_embedding_dim: count.nullable().default(null),
  freq_shift: z.number().default(0),
  flip_sin_to_cos: z.boolean().default(true),
  down_block_types: z
    .array(z.string())
    .default(['DownBlock2D', 'AttnDownBlock2D', 'AttnDownBlock2D', 'AttnDownBlock2D']),
  mid_block_type: optionalName.default('UNetMidBlock2D'),
  up_block_types: z
    .array(z.string())
    .default(['AttnUpBlock2D', 'AttnUpBlock2D', 'AttnUpBlock2D', 'UpBlock2D']),
  block_out_channels: z.array(count).min(1).default([224, 448, 672, 896]),
  layers_per_block: count.default(2),
  mid_block_scale_factor: z.number().positive().default(1),
  downsample_padding: z.int().min(0).default(1),
  downsample_type: optionalName.default('conv'),
  upsample_type: optionalName.default('conv'),
  act_fn: z.string().default('silu'),
  attention_legacy_order: z.boolean().nullable().default(false),
  attention_head_dim: count.nullable().default(8),
  norm_num_groups: count.default(32),
  attn_norm_num_groups: count.nullable().default(null),
  norm_eps: z.number().positive().default(1e-5),
  resnet_time_scale_shift: z.string().default('default'),
  add_attention: z.boolean().default(true),
  class_embed_type: optionalName.default(null),
  num_class_embeds: count.nullable().default(null),
  // These two say nothing about what a trained network computes.
  dropout: z.unknown().optional(),
  num_train_timesteps: z.unknown().optional(),
})

/** Every option of a `UNet2DModel`, under diffusers' own names. */
export type RawUNetConfig = z.infer<typeof configSchema>

/** Options of which diffusers knows more values than are built here. */
const builtValues: { readonly [Option in keyof RawUNetConfig]?: readonly RawUNetConfig[Option][] } = {
  time_embedding_type: ['positional'],
  mid_block_type: ['UNetMidBlock2D', null],
  downsample_type: ['conv', 'resnet', null],
  upsample_type: ['conv', 'resnet', null],
  act_fn: ['silu', 'swish'],
  attention_legacy_order: [false, null],
  resnet_time_scale_shift: ['default', 'scale_shift'],
  class_embed_type: [null],
}

const builtBlocks = {
  down_block_types: ['DownBlock2D', 'AttnDownBlock2D', 'ResnetDownsampleBlock2D'],
  up_block_types: ['UpBlock2D', 'AttnUpBlock2D', 'ResnetUpsampleBlock2D'],
} as const

/** What diffusers writes beside the options of the network: averaging of its weights while it was trained. */
const trainingOptions = [
  'decay',
  'inv_gamma',
  'min_decay',
  'optimization_step',
  'power',
  'update_after_step',
  'use_ema_warmup',
]

/**
 * The options of a config.json that no network of this kind has. diffusers ignores them with a warning.
 *
 * @param json  content of config.json
 */
export function unknownOptions(json: unknown): string[] {
  if (!isRecord(json)) return []
  return Object.keys(json).filter(
    (option) =>
      !(option in configSchema.shape) &&
      !trainingOptions.includes(option) &&
      !option.startsWith('_') &&
      json[option] !== null,
  )
}

/**
 * Checks a config.json option by option and fills in defaults.
 *
 * @throws StudioError UNSUPPORTED naming a value or block that is not built here; BAD_MODEL for a value of
 *   the wrong kind
 */
export function parseRawUNetConfig(json: unknown, path: string): RawUNetConfig {
  if (!isRecord(json)) throw new StudioError('BAD_MODEL', `${path} is not a model configuration.`)
  const { _class_name: className = 'UNet2DModel' } = json
  if (className !== 'UNet2DModel') throw unsupported(path, '_class_name', className, ['UNet2DModel'])
  const parsed = configSchema.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new StudioError('BAD_MODEL', `${path}: "${issue.path.join('.')}" is wrong: ${issue.message}.`)
  }
  refuseUnbuiltValues(parsed.data, path)
  return parsed.data
}

function isRecord(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function refuseUnbuiltValues(config: RawUNetConfig, path: string): void {
  for (const [option, values] of Object.entries(builtValues)) {
    const value = config[option as keyof RawUNetConfig]
    if (!(values as readonly unknown[]).includes(value)) throw unsupported(path, option, value, values)
  }
  for (const [option, blocks] of Object.entries(builtBlocks)) {
    for (const type of config[option as keyof typeof builtBlocks]) {
      if (!blocks.some((block) => block === type)) throw unsupported(path, option, type, blocks)
    }
  }
}

function unsupported(path: string, option: string, value: unknown, built: readonly unknown[]): StudioError {
  const names = built.map((one) => JSON.stringify(one)).join(', ')
  return new StudioError(
    'UNSUPPORTED',
    `${path}: "${option}" ${JSON.stringify(value)} is not supported, only ${names}.`,
  )
}
