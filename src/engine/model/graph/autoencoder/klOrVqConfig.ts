import { z } from 'zod'
import { type ConfigClass, layerCount } from '../configFile'

const count = z.int().min(1)
const perChannel = z.array(z.number()).nullable().default(null)

/** The options that `AutoencoderKL` and `VQModel` have in common, with their defaults. */
const sharedOptions = {
  in_channels: count.default(3),
  out_channels: count.default(3),
  down_block_types: z.array(z.string()).default(['DownEncoderBlock2D']),
  up_block_types: z.array(z.string()).default(['UpDecoderBlock2D']),
  block_out_channels: z.array(count).min(1).default([64]),
  layers_per_block: layerCount.default(1),
  act_fn: z.string().default('silu'),
  norm_num_groups: count.default(32),
  scaling_factor: z.number().positive().nullable().default(null),
  mid_block_add_attention: z.boolean().default(true),
  // The size of the pictures it was trained on, which does not affect what it computes.
  sample_size: z.unknown().optional(),
}

const sharedValues = {
  in_channels: [1, 3],
  down_block_types: ['DownEncoderBlock2D', 'AttnDownEncoderBlock2D'],
  up_block_types: ['UpDecoderBlock2D', 'AttnUpDecoderBlock2D'],
  act_fn: ['silu', 'swish'],
}

const klSchema = z.object({
  ...sharedOptions,
  latent_channels: count.default(4),
  shift_factor: z.number().nullable().default(null),
  latents_mean: perChannel,
  latents_std: perChannel,
  force_upcast: z.boolean().default(true),
  use_quant_conv: z.boolean().default(true),
  use_post_quant_conv: z.boolean().default(true),
})

const vqSchema = z.object({
  ...sharedOptions,
  latent_channels: count.default(3),
  num_vq_embeddings: count.default(256),
  vq_embed_dim: count.nullable().default(null),
  norm_type: z.string().default('group'),
  lookup_from_codebook: z.boolean().default(false),
  force_upcast: z.boolean().default(false),
})

/** Options of an `AutoencoderKL`. */
export type KlOptions = z.infer<typeof klSchema>
/** Options of a `VQModel`. */
export type VqOptions = z.infer<typeof vqSchema>

/** The supported part of `AutoencoderKL`. */
export const klClass = {
  className: 'AutoencoderKL',
  schema: klSchema,
  built: sharedValues,
} satisfies ConfigClass<typeof klSchema>

/** The supported part of `VQModel`. `spatial` norms belong to MoVQ, which is a different model. */
export const vqClass = {
  className: 'VQModel',
  schema: vqSchema,
  built: { ...sharedValues, norm_type: ['group'], lookup_from_codebook: [false] },
} satisfies ConfigClass<typeof vqSchema>
