import { z } from 'zod'
import { type ConfigClass, layerCount } from './configFile'

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
  layers_per_block: layerCount.default(2),
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
  // These two do not affect what a trained network computes.
  dropout: z.unknown().optional(),
  num_train_timesteps: z.unknown().optional(),
})

/** Every option of a `UNet2DModel`, under diffusers' own names. */
export type RawUNetConfig = z.infer<typeof configSchema>

/** The supported part of `UNet2DModel`. */
export const unetClass = {
  className: 'UNet2DModel',
  schema: configSchema,
  built: {
    time_embedding_type: ['positional'],
    down_block_types: ['DownBlock2D', 'AttnDownBlock2D', 'ResnetDownsampleBlock2D'],
    mid_block_type: ['UNetMidBlock2D', null],
    up_block_types: ['UpBlock2D', 'AttnUpBlock2D', 'ResnetUpsampleBlock2D'],
    downsample_type: ['conv', 'resnet', null],
    upsample_type: ['conv', 'resnet', null],
    act_fn: ['silu', 'swish'],
    attention_legacy_order: [false, null],
    resnet_time_scale_shift: ['default', 'scale_shift'],
    class_embed_type: [null],
  },
} satisfies ConfigClass<typeof configSchema>
