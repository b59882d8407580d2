import { z } from 'zod'
import { type ConfigClass, layerCount } from './configFile'

const count = z.int().min(1)
const optionalName = z.string().nullable()
const neither = 'neither a whole number nor a list of one for each block'
const perLevel = z.union([count, z.array(count).min(1)], neither)
const layersPerLevel = z.union([layerCount, z.array(layerCount).min(1)], neither)
/** 0 for blocks without attention. */
const depth = z.union([layerCount, z.literal(0)])
const depthPerLevel = z.union([depth, z.array(depth).min(1)], neither)

/** config.json as diffusers writes it. Defaults are those of `UNet2DConditionModel.__init__`. */
const schema = z.object({
  sample_size: z.union([count, z.tuple([count, count])], 'neither a size nor a height and a width'),
  in_channels: count.default(4),
  out_channels: count.default(4),
  center_input_sample: z.boolean().default(false),
  flip_sin_to_cos: z.boolean().default(true),
  freq_shift: z.number().default(0),
  down_block_types: z
    .array(z.string())
    .default(['CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D']),
  mid_block_type: optionalName.default('UNetMidBlock2DCrossAttn'),
  up_block_types: z
    .array(z.string())
    .default(['UpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D']),
  only_cross_attention: z.union([z.boolean(), z.array(z.boolean())]).default(false),
  block_out_channels: z.array(count).min(1).default([320, 640, 1280, 1280]),
  layers_per_block: layersPerLevel.default(2),
  downsample_padding: z.int().min(0).default(1),
  mid_block_scale_factor: z.number().positive().default(1),
  act_fn: z.string().default('silu'),
  norm_num_groups: count.default(32),
  norm_eps: z.number().positive().default(1e-5),
  cross_attention_dim: perLevel.default(1280),
  transformer_layers_per_block: depthPerLevel.default(1),
  reverse_transformer_layers_per_block: z.unknown().default(null),
  encoder_hid_dim: z.unknown().default(null),
  encoder_hid_dim_type: optionalName.default(null),
  attention_head_dim: perLevel.default(8),
  num_attention_heads: z.unknown().default(null),
  dual_cross_attention: z.boolean().default(false),
  use_linear_projection: z.boolean().default(false),
  class_embed_type: optionalName.default(null),
  addition_embed_type: optionalName.default(null),
  addition_time_embed_dim: count.nullable().default(null),
  num_class_embeds: z.unknown().default(null),
  upcast_attention: z.boolean().nullable().default(false),
  resnet_time_scale_shift: z.string().default('default'),
  resnet_skip_time_act: z.boolean().default(false),
  resnet_out_scale_factor: z.number().default(1),
  time_embedding_type: z.string().default('positional'),
  time_embedding_dim: count.nullable().default(null),
  time_embedding_act_fn: optionalName.default(null),
  timestep_post_act: optionalName.default(null),
  time_cond_proj_dim: z.unknown().default(null),
  conv_in_kernel: count.default(3),
  conv_out_kernel: count.default(3),
  projection_class_embeddings_input_dim: count.nullable().default(null),
  attention_type: z.string().default('default'),
  class_embeddings_concat: z.boolean().default(false),
  mid_block_only_cross_attention: z.boolean().nullable().default(null),
  cross_attention_norm: optionalName.default(null),
  // These do not affect what a trained network computes.
  dropout: z.unknown().optional(),
  addition_embed_type_num_heads: z.unknown().optional(),
})

/** Every option of a `UNet2DConditionModel`, under diffusers' own names. */
export type RawConditionUNetConfig = z.infer<typeof schema>

/**
 * The supported part of `UNet2DConditionModel`: the networks of Stable Diffusion 1, 2 and XL. `gated`
 * attention belongs to GLIGEN, `encoder_hid_dim_type` to Kandinsky and IP-Adapter, `time_cond_proj_dim` to
 * latent consistency models.
 */
export const conditionUnetClass = {
  className: 'UNet2DConditionModel',
  schema,
  built: {
    down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
    mid_block_type: ['UNetMidBlock2DCrossAttn'],
    up_block_types: ['CrossAttnUpBlock2D', 'UpBlock2D'],
    only_cross_attention: [false],
    act_fn: ['silu', 'swish'],
    reverse_transformer_layers_per_block: [null],
    encoder_hid_dim: [null],
    encoder_hid_dim_type: [null],
    num_attention_heads: [null],
    dual_cross_attention: [false],
    class_embed_type: [null],
    addition_embed_type: [null, 'text_time'],
    num_class_embeds: [null],
    resnet_time_scale_shift: ['default'],
    resnet_skip_time_act: [false],
    resnet_out_scale_factor: [1],
    time_embedding_type: ['positional'],
    time_embedding_act_fn: [null],
    timestep_post_act: [null],
    time_cond_proj_dim: [null],
    conv_in_kernel: [3],
    conv_out_kernel: [3],
    attention_type: ['default'],
    class_embeddings_concat: [false],
    mid_block_only_cross_attention: [null, false],
    cross_attention_norm: [null],
  },
} satisfies ConfigClass<typeof schema>
