import type { Value } from './graphWriter'
import { conv2d, type Padding } from './layers'
import { concat } from './operators'
import { resnetBlock, type ResnetOptions } from './resnetBlock'
import type { Scope } from './Scope'
import { upsampledConv2d } from './upsampledConv'

/**
 * The blocks that a U-Net or an autoencoder is made of, after diffusers `unet_2d_blocks.py`. Its `Attn…` and `Resnet…` variants differ
 * from the plain ones only in what a {@link BlockPlan} says.
 */

/** How features change their resolution: by one strided convolution, or by a residual block that resamples. */
export type Resampling = 'conv' | 'resnet'

/** One block of the way down or up: what runs at one resolution. */
export interface BlockPlan {
  readonly channels: number
  /** Number of residual blocks. */
  readonly layers: number
  /** Whether an attention layer stands behind every residual block. */
  readonly withAttention: boolean
  /** How features leave for the next resolution; null in the last block. */
  readonly resampling: Resampling | null
}

/** What stands behind a residual block: attention of one kind or another. [N, C, H, W] -> [N, C, H, W]. */
export type Attend = (module: Scope, x: Value) => Value

/** How all blocks of one network are made. */
export interface BlockStyle {
  readonly resnet: Pick<ResnetOptions, 'norm' | 'time'>
  /** Zeros around a picture before a strided convolution; 0 means one row below and one column to the right. */
  readonly downsamplePadding: number
}

/** Everything about one block. */
export type Block = Omit<BlockPlan, 'withAttention'> & BlockStyle & { readonly attend: Attend | null }

/** How the middle of a network is made. */
export interface MidBlockOptions {
  readonly resnet: BlockStyle['resnet']
  /** Null leaves the attention layer out. */
  readonly attend: Attend | null
  readonly outputScaleFactor: number
}

/**
 * Residual blocks going down.
 *
 * @returns every state on the way, for the way up; the last one goes on to the next block
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
 * Residual blocks going up.
 *
 * @param skips  states of the way down: each residual block is shown one from the end as well, which it takes away;
 *   null in an autoencoder, whose decoder sees nothing but the code
 */
export function upBlock(module: Scope, x: Value, skips: Value[] | null, block: Block): Value {
  let h = x
  for (let i = 0; i < block.layers; i++) {
    h = layer(module, i, skips === null ? h : concat(module, [h, skips.pop()!], 1), block)
  }
  return block.resampling === null ? h : upsample(module.at('upsamplers.0'), h, block)
}

/** The lowest resolution: residual block, attention if any, residual block. */
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
