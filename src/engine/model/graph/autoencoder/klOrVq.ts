import { StudioError } from '#shared/errors'
import { attention } from '../attention'
import { type Attend, type Block, downBlock, midBlock, type MidBlockOptions, upBlock } from '../blocks'
import { readConfig } from '../configFile'
import type { Value } from '../graphWriter'
import { conv2d, groupNorm, type NormOptions, pointwiseConv2d } from '../layers'
import { silu, split } from '../operators'
import type { Scope } from '../Scope'
import { type Autoencoder, changedPictures, type StateScale, uniformScale } from './Autoencoder'
import { klClass, type KlOptions, vqClass, type VqOptions } from './klOrVqConfig'
import { nearestCode } from './nearestCode'

/**
 * The two original autoencoders of latent diffusion (Rombach et al. 2022, section 3.1): residual blocks as in
 * a U-Net, but without timestep and skip connections. They differ in what lies between encoder and decoder.
 * Source: diffusers `autoencoder_kl.py`, `vq_model.py`, `vae.py`.
 */

/** Added to every variance. Fixed by the classes, not taken from any configuration. */
const normEps = 1e-6

/** The factor of Stable Diffusion 1, implied if the file of an `AutoencoderKL` predates the option. */
const factorOfOldFiles = 0.18215

/**
 * Reads the configuration of an `AutoencoderKL`.
 *
 * @throws StudioError UNSUPPORTED naming what is not supported, BAD_MODEL for contradictory values
 */
export function readKl(json: unknown, path: string): Autoencoder {
  const raw = readConfig(json, path, klClass)
  const { latent_channels: channels } = raw
  return {
    className: klClass.className,
    ...common(raw, path),
    stateChannels: channels,
    scale: klScale(raw, path),
    scalingFactor: raw.scaling_factor ?? factorOfOldFiles,
    needsFloat32: raw.force_upcast,
    writeEncoder(model, pictures) {
      const moments = encoder(model.at('encoder'), pictures, raw, 2 * channels)
      const final = raw.use_quant_conv
        ? pointwiseConv2d(model.at('quant_conv'), moments, 2 * channels)
        : moments
      const [mean] = split(model, final, 1, 2)
      return mean
    },
    writeDecoder(model, codes) {
      const h = raw.use_post_quant_conv
        ? pointwiseConv2d(model.at('post_quant_conv'), codes, channels)
        : codes
      return decoder(model.at('decoder'), h, raw)
    },
  }
}

/**
 * Reads the configuration of a `VQModel`. Its states are codes before rounding to the codebook; the decoder
 * does the rounding. The published models predate `scaling_factor`, and their networks were trained without
 * it, so the default that diffusers has since given the class is not applied.
 *
 * @throws StudioError UNSUPPORTED naming what is not supported, BAD_MODEL for contradictory values
 */
export function readVq(json: unknown, path: string): Autoencoder {
  const raw = readConfig(json, path, vqClass)
  const channels = raw.vq_embed_dim ?? raw.latent_channels
  return {
    className: vqClass.className,
    ...common(raw, path),
    stateChannels: channels,
    scale: uniformScale(channels, raw.scaling_factor ?? 1),
    scalingFactor: raw.scaling_factor ?? 1,
    // In half precision, a different code might be the nearest.
    needsFloat32: true,
    writeEncoder(model, pictures) {
      const h = encoder(model.at('encoder'), pictures, raw, raw.latent_channels)
      return pointwiseConv2d(model.at('quant_conv'), h, channels)
    },
    writeDecoder(model, codes) {
      const quantized = nearestCode(model.at('quantize'), codes, raw.num_vq_embeddings)
      const h = pointwiseConv2d(model.at('post_quant_conv'), quantized, raw.latent_channels)
      return decoder(model.at('decoder'), h, raw)
    },
  }
}

type Options = KlOptions | VqOptions

function common(raw: Options, path: string) {
  const problem = contradiction(raw)
  if (problem) throw new StudioError('BAD_MODEL', `${path}: ${problem}.`)
  return {
    pictureChannels: raw.in_channels as 1 | 3,
    factor: 2 ** (raw.block_out_channels.length - 1),
  }
}

/** Describes a contradiction between options, as a clause without a full stop; undefined if there is none. */
function contradiction(raw: Options): string | undefined {
  const { length: levels } = raw.block_out_channels
  if (raw.down_block_types.length !== levels || raw.up_block_types.length !== levels) {
    return `"down_block_types", "up_block_types" and "block_out_channels" must be equally long`
  }
  const groups = raw.norm_num_groups
  const ungroupable = raw.block_out_channels.find((channels) => channels % groups !== 0)
  if (ungroupable) return `${ungroupable} channels do not divide into "norm_num_groups" ${groups}`
  return changedPictures(raw)
}

/** Returns per-channel statistics if configured, otherwise the same shift and factor for all channels. */
function klScale(raw: KlOptions, path: string): StateScale {
  const { latent_channels: channels, latents_mean: mean, latents_std: std } = raw
  const scale = uniformScale(channels, raw.scaling_factor ?? factorOfOldFiles, raw.shift_factor ?? 0)
  if (mean === null || std === null) return scale
  if (mean.length !== channels || std.length !== channels || std.some((value) => value <= 0)) {
    throw new StudioError(
      'BAD_MODEL',
      `${path}: "latents_mean" and "latents_std" must have a value for each of ${channels} channels, no deviation 0.`,
    )
  }
  return { shift: mean, factor: scale.factor.map((factor, i) => factor / std[i]) }
}

function encoder(module: Scope, pictures: Value, raw: Options, outChannels: number): Value {
  let h = conv2d(module.at('conv_in'), pictures, raw.block_out_channels[0])
  raw.down_block_types.forEach((type, i) => {
    const block = blockOf(raw, type, raw.block_out_channels, i)
    h = downBlock(module.at(`down_blocks.${i}`), h, block).at(-1)!
  })
  return head(module, midBlock(module.at('mid_block'), h, midOf(raw)), raw, outChannels)
}

function decoder(module: Scope, codes: Value, raw: Options): Value {
  const channels = raw.block_out_channels.toReversed()
  let h = conv2d(module.at('conv_in'), codes, channels[0])
  h = midBlock(module.at('mid_block'), h, midOf(raw))
  raw.up_block_types.forEach((type, i) => {
    const block = blockOf(raw, type, channels, i)
    h = upBlock(module.at(`up_blocks.${i}`), h, null, block)
  })
  return head(module, h, raw, raw.out_channels)
}

function head(module: Scope, x: Value, raw: Options, outChannels: number): Value {
  const h = silu(module, groupNorm(module.at('conv_norm_out'), x, normOf(raw)))
  return conv2d(module.at('conv_out'), h, outChannels)
}

/** Returns one level of the encoder or decoder. */
function blockOf(raw: Options, type: string, channels: readonly number[], level: number): Block {
  const isUp = type.includes('Up')
  return {
    channels: channels[level],
    layers: raw.layers_per_block + (isUp ? 1 : 0),
    attend: type.startsWith('Attn') ? attendOf(raw) : null,
    resampling: level === channels.length - 1 ? null : 'conv',
    resnet: resnetOf(raw),
    // 0 means padding only below and to the right.
    downsamplePadding: 0,
  }
}

function midOf(raw: Options): MidBlockOptions {
  return {
    resnet: resnetOf(raw),
    attend: raw.mid_block_add_attention ? attendOf(raw) : null,
    outputScaleFactor: 1,
  }
}

function resnetOf(raw: Options): Block['resnet'] {
  return { norm: normOf(raw), time: null }
}

/** Returns attention with a single head over all channels. */
function attendOf(raw: Options): Attend {
  return (module, x) => attention(module, x, { norm: normOf(raw), headDim: null })
}

function normOf(raw: Options): NormOptions {
  return { groups: raw.norm_num_groups, eps: normEps }
}
