import { attention } from './attention'
import type { Value } from './graphWriter'
import { conv2d, type Network, type Padding } from './layers'
import { concat } from './operators'
import { resnetBlock } from './resnetBlock'
import type { BlockPlan, Resampling } from './unetConfig'
import { upsampledConv2d } from './upsampledConv'

/**
 * The three kinds of block that a U-Net is made of, after diffusers `unet_2d_blocks.py`. Blocks with attention differ
 * from those without only by an attention layer behind every residual block.
 */

/** Residual blocks going down. Pushes each of its states on `skips`, for the way up. */
export function downBlock(
  net: Network,
  path: string,
  x: Value,
  temb: Value,
  skips: Value[],
  plan: BlockPlan,
): Value {
  let h = x
  for (let i = 0; i < plan.layers; i++) {
    h = resnetBlock(net, `${path}.resnets.${i}`, h, temb, plan.channels)
    if (plan.withAttention) h = blockAttention(net, `${path}.attentions.${i}`, h)
    skips.push(h)
  }
  if (plan.resampling === null) return h
  h = downsample(net, `${path}.downsamplers.0`, h, temb, plan.resampling)
  skips.push(h)
  return h
}

/** Residual blocks going up. Each takes one state from the end of `skips`. */
export function upBlock(
  net: Network,
  path: string,
  x: Value,
  temb: Value,
  skips: Value[],
  plan: BlockPlan,
): Value {
  let h = x
  for (let i = 0; i < plan.layers; i++) {
    h = concat(net.graph, path, [h, skips.pop()!], 1)
    h = resnetBlock(net, `${path}.resnets.${i}`, h, temb, plan.channels)
    if (plan.withAttention) h = blockAttention(net, `${path}.attentions.${i}`, h)
  }
  return plan.resampling === null ? h : upsample(net, `${path}.upsamplers.0`, h, temb, plan.resampling)
}

/** The lowest resolution: residual block, attention if any, residual block. */
export function midBlock(net: Network, path: string, x: Value, temb: Value): Value {
  const { config } = net
  const channels = x.shape[1]
  const outputScaleFactor = config.midBlockScaleFactor
  let h = resnetBlock(net, `${path}.resnets.0`, x, temb, channels, { outputScaleFactor })
  if (config.addAttention) {
    const groups = config.midAttentionGroups
    h = attention(net, `${path}.attentions.0`, h, { groups, outputScaleFactor })
  }
  return resnetBlock(net, `${path}.resnets.1`, h, temb, channels, { outputScaleFactor })
}

function blockAttention(net: Network, path: string, x: Value): Value {
  return attention(net, path, x, { groups: net.config.normNumGroups })
}

function downsample(net: Network, path: string, x: Value, temb: Value, kind: Resampling): Value {
  const channels = x.shape[1]
  if (kind === 'resnet') return resnetBlock(net, path, x, temb, channels, { resample: 'down' })
  const side = net.config.downsamplePadding
  // Padding 0 in diffusers means: one row of zeros below and one column to the right.
  const padding: Padding = side === 0 ? [0, 0, 1, 1] : [side, side, side, side]
  return conv2d(net, `${path}.conv`, x, channels, { stride: 2, padding })
}

function upsample(net: Network, path: string, x: Value, temb: Value, kind: Resampling): Value {
  const channels = x.shape[1]
  if (kind === 'resnet') return resnetBlock(net, path, x, temb, channels, { resample: 'up' })
  return upsampledConv2d(net, `${path}.conv`, x, channels)
}
