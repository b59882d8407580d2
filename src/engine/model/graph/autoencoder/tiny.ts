import { z } from 'zod'
import { StudioError } from '#shared/errors'
import { type ConfigClass, readConfig } from '../configFile'
import type { Value } from '../graphWriter'
import { conv2d } from '../layers'
import { add, relu, scale } from '../operators'
import type { Scope } from '../Scope'
import { upsampledConv2d } from '../upsampledConv'
import { type Autoencoder, changedPictures, uniformScale } from './Autoencoder'

const count = z.int().min(1)

const tinySchema = z.object({
  in_channels: count.default(3),
  out_channels: count.default(3),
  encoder_block_out_channels: z.array(count).min(1).default([64, 64, 64, 64]),
  decoder_block_out_channels: z.array(count).min(1).default([64, 64, 64, 64]),
  act_fn: z.string().default('relu'),
  upsample_fn: z.string().default('nearest'),
  latent_channels: count.default(4),
  upsampling_scaling_factor: count.default(2),
  num_encoder_blocks: z.array(z.int().min(0)).default([1, 3, 3, 3]),
  num_decoder_blocks: z.array(z.int().min(0)).default([3, 3, 3, 1]),
  force_upcast: z.boolean().default(false),
  scaling_factor: z.number().positive().default(1),
  shift_factor: z.number().default(0),
  // Written by the class itself, or about storing codes in eight bits.
  block_out_channels: z.unknown().optional(),
  latent_magnitude: z.unknown().optional(),
  latent_shift: z.unknown().optional(),
})

type TinyOptions = z.infer<typeof tinySchema>

/** The supported part of `AutoencoderTiny`. */
export const tinyClass = {
  className: 'AutoencoderTiny',
  schema: tinySchema,
  built: {
    in_channels: [1, 3],
    act_fn: ['relu'],
    upsample_fn: ['nearest'],
    upsampling_scaling_factor: [2],
  },
} satisfies ConfigClass<typeof tinySchema>

/** Codes are squashed into ± this value before decoding. */
const largestCode = 3

/**
 * Reads the configuration of an `AutoencoderTiny` (TAESD): plain convolutions that imitate a large
 * autoencoder. Source: diffusers `vae.py`, `EncoderTiny` and `DecoderTiny`, whose layers are numbered
 * consecutively.
 *
 * @throws StudioError UNSUPPORTED naming what is not supported, BAD_MODEL for contradictory values
 */
export function readTiny(json: unknown, path: string): Autoencoder {
  const raw = readConfig(json, path, tinyClass)
  const problem = contradiction(raw)
  if (problem) throw new StudioError('BAD_MODEL', `${path}: ${problem}.`)
  return {
    className: tinyClass.className,
    pictureChannels: raw.in_channels as 1 | 3,
    stateChannels: raw.latent_channels,
    factor: 2 ** (raw.num_encoder_blocks.length - 1),
    scale: uniformScale(raw.latent_channels, raw.scaling_factor, raw.shift_factor),
    scalingFactor: raw.scaling_factor,
    needsFloat32: raw.force_upcast,
    writeEncoder: (model, pictures) => encoder(model.at('encoder'), pictures, raw),
    writeDecoder: (model, codes) => decoder(model.at('decoder'), codes, raw),
  }
}

/** Describes a contradiction between options, as a clause without a full stop; undefined if there is none. */
function contradiction(raw: TinyOptions): string | undefined {
  const { num_encoder_blocks: there, num_decoder_blocks: back } = raw
  if (there.length !== raw.encoder_block_out_channels.length) {
    return `"num_encoder_blocks" and "encoder_block_out_channels" must be equally long`
  }
  if (back.length !== raw.decoder_block_out_channels.length) {
    return `"num_decoder_blocks" and "decoder_block_out_channels" must be equally long`
  }
  if (there.length !== back.length) {
    return `"num_encoder_blocks" and "num_decoder_blocks" must be equally long, or pictures come back in another size`
  }
  return changedPictures(raw)
}

/** Returns a cursor over the modules of a `torch.nn.Sequential`. */
function layersOf(module: Scope): { next: () => Scope; skip: () => void } {
  let index = 0
  return {
    next: () => module.at(`layers.${index++}`),
    skip: () => {
      index++
    },
  }
}

function encoder(module: Scope, pictures: Value, raw: TinyOptions): Value {
  const layers = layersOf(module)
  let h = scale(module, add(module, pictures, module.graph.floats([1], [])), 0.5)
  raw.num_encoder_blocks.forEach((blocks, i) => {
    const channels = raw.encoder_block_out_channels[i]
    h = conv2d(layers.next(), h, channels, i === 0 ? {} : { stride: 2, hasBias: false })
    for (let block = 0; block < blocks; block++) h = tinyBlock(layers.next(), h)
  })
  return conv2d(layers.next(), h, raw.latent_channels)
}

function decoder(module: Scope, codes: Value, raw: TinyOptions): Value {
  const layers = layersOf(module)
  const small = scale(module, codes, 1 / largestCode)
  const bounded = scale(module, module.node('Tanh', [small], codes.shape), largestCode)
  let h = relu(module, conv2d(layers.next(), bounded, raw.decoder_block_out_channels[0]))
  layers.skip()
  raw.num_decoder_blocks.forEach((blocks, i) => {
    for (let block = 0; block < blocks; block++) h = tinyBlock(layers.next(), h)
    if (i === raw.num_decoder_blocks.length - 1) return
    layers.skip()
    h = upsampledConv2d(layers.next(), h, raw.decoder_block_out_channels[i], { hasBias: false })
  })
  h = conv2d(layers.next(), h, raw.out_channels)
  return add(module, scale(module, h, 2), module.graph.floats([-1], []))
}

/** Writes a residual block of three convolutions, which keeps the number of channels. */
function tinyBlock(module: Scope, x: Value): Value {
  const channels = x.shape[1]
  let h = relu(module, conv2d(module.at('conv.0'), x, channels))
  h = relu(module, conv2d(module.at('conv.2'), h, channels))
  return relu(module, add(module, x, conv2d(module.at('conv.4'), h, channels)))
}
