import type { Value } from './graphWriter'
import { conv2d, type Padding } from './layers'
import { concat } from './operators'
import { resnetBlock, type ResnetOptions } from './resnetBlock'
import type { Scope } from './Scope'
import { upsampledConv2d } from './upsampledConv'

/**
 * The blocks of U-Nets and autoencoders, after diffusers `unet_2d_blocks.py`. Its `Attn…` and `Resnet…`
 * variants differ from the plain ones only in what a {@link BlockPlan} specifies.
 */

/** How features change resolution: with one strided convolution, or a residual block that resamples. */
export type Resampling = 'conv' | 'resnet'

/** One down or up block: everything that runs at one resolution. */
export interface BlockPlan {
  readonly channels: number
  /** Number of residual blocks. */
  readonly layers: number
  /** Whether an attention layer follows every residual block. */
  readonly withAttention: boolean
  /** How features are resampled for the next resolution; null in the last block. */
  readonly resampling: Resampling | null
}

/** Attention of some kind, applied after a residual block. [N, C, H, W] -> [N, C, H, W]. */
export type Attend = (module: Scope, x: Value) => Value

/** The options shared by all blocks of a network. */
export interface BlockStyle {
  readonly resnet: Pick<ResnetOptions, 'norm' | 'time'>
  /** Zeros around a picture before a strided convolution; 0 means one row below and one column to the right. */
  readonly downsamplePadding: number
}

/** All options of one block. */
export type Block = Omit<BlockPlan, 'withAttention'> & BlockStyle & { readonly attend: Attend | null }

/** The options of the middle block. */
export interface MidBlockOptions {
  readonly resnet: BlockStyle['resnet']
  /** Null for no attention layer. */
  readonly attend: Attend | null
  readonly outputScaleFactor: number
}

/**
 * Writes the residual blocks of a down block.
 *
 * @returns all intermediate states, for the skip connections; the last one is the input of the next block
 */
export function downBlock(module: Scope, x: Value, block: Block): Value[] {
  const states: Value[] = []
  let h = x
  for (let i = 0; i < block.layers; i++) {
    h = layer(module, i, h, block)
    states.push(h)
  }
  return block.resampling === null ? states : [...states, downsample(module.at('downsamplers.0'), h, block)]
}

/**
 * Writes the residual blocks of an up block.
 *
 * @param skips  states of the down blocks: each residual block pops the last one and concatenates it to its
 *   input; null in an autoencoder, whose decoder sees only the code
 */
export function upBlock(module: Scope, x: Value, skips: Value[] | null, block: Block): Value {
  let h = x
  for (let i = 0; i < block.layers; i++) {
    h = layer(module, i, skips === null ? h : concat(module, [h, skips.pop()!], 1), block)
  }
  return block.resampling === null ? h : upsample(module.at('upsamplers.0'), h, block)
}

/** Writes the lowest resolution: residual block, optional attention, residual block. */
export function midBlock(
  module: Scope,
  x: Value,
  { resnet, attend, outputScaleFactor }: MidBlockOptions,
): Value {
  const options = { ...resnet, outChannels: x.shape[1], outputScaleFactor }
  const h = resnetBlock(module.at('resnets.0'), x, options)
  const attended = attend === null ? h : attend(module.at('attentions.0'), h)
  return resnetBlock(module.at('resnets.1'), attended, options)
}

function layer(module: Scope, index: number, x: Value, { resnet, channels, attend }: Block): Value {
  const h = resnetBlock(module.at(`resnets.${index}`), x, { ...resnet, outChannels: channels })
  return attend === null ? h : attend(module.at(`attentions.${index}`), h)
}

function downsample(module: Scope, x: Value, { resnet, resampling, downsamplePadding: side }: Block): Value {
  const outChannels = x.shape[1]
  if (resampling === 'resnet') return resnetBlock(module, x, { ...resnet, outChannels, resample: 'down' })
  const padding: Padding = side === 0 ? [0, 0, 1, 1] : [side, side, side, side]
  return conv2d(module.at('conv'), x, outChannels, { stride: 2, padding })
}

function upsample(module: Scope, x: Value, { resnet, resampling }: Block): Value {
  const outChannels = x.shape[1]
  if (resampling === 'resnet') return resnetBlock(module, x, { ...resnet, outChannels, resample: 'up' })
  return upsampledConv2d(module.at('conv'), x, outChannels)
}
