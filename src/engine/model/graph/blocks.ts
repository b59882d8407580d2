import { attention } from './attention'
import type { Value } from './graphWriter'
import { conv2d, type Padding } from './layers'
import { concat } from './operators'
import { resnetBlock } from './resnetBlock'
import type { Scope } from './Scope'
import type { BlockPlan, Resampling } from './unetConfig'
import { upsampledConv2d } from './upsampledConv'

/**
 * The blocks that a U-Net is made of, after diffusers `unet_2d_blocks.py`. Its `Attn…` and `Resnet…` variants differ
 * from the plain ones only in what a {@link BlockPlan} says.
 */

/** Residual blocks going down. Pushes every state on `skips`, for the way up. */
export function downBlock(module: Scope, x: Value, temb: Value, skips: Value[], plan: BlockPlan): Value {
  let h = x
  for (let i = 0; i < plan.layers; i++) {
    h = layer(module, i, h, temb, plan)
    skips.push(h)
  }
  if (plan.resampling === null) return h
  h = downsample(module.at('downsamplers.0'), h, temb, plan.resampling)
  skips.push(h)
  return h
}

/** Residual blocks going up. Each is shown one state from the end of `skips` as well. */
export function upBlock(module: Scope, x: Value, temb: Value, skips: Value[], plan: BlockPlan): Value {
  let h = x
  for (let i = 0; i < plan.layers; i++) {
    h = layer(module, i, concat(module, [h, skips.pop()!], 1), temb, plan)
  }
  return plan.resampling === null ? h : upsample(module.at('upsamplers.0'), h, temb, plan.resampling)
}

/** The lowest resolution: residual block, attention if any, residual block. */
export function midBlock(module: Scope, x: Value, temb: Value): Value {
  const { addAttention, midAttentionGroups: groups, midBlockScaleFactor: outputScaleFactor } = module.config
  const channels = x.shape[1]
  let h = resnetBlock(module.at('resnets.0'), x, temb, channels, { outputScaleFactor })
  if (addAttention) h = attention(module.at('attentions.0'), h, { groups, outputScaleFactor })
  return resnetBlock(module.at('resnets.1'), h, temb, channels, { outputScaleFactor })
}

function layer(module: Scope, index: number, x: Value, temb: Value, plan: BlockPlan): Value {
  const h = resnetBlock(module.at(`resnets.${index}`), x, temb, plan.channels)
  if (!plan.withAttention) return h
  return attention(module.at(`attentions.${index}`), h, { groups: module.config.normNumGroups })
}

function downsample(module: Scope, x: Value, temb: Value, kind: Resampling): Value {
  const channels = x.shape[1]
  if (kind === 'resnet') return resnetBlock(module, x, temb, channels, { resample: 'down' })
  const side = module.config.downsamplePadding
  // Padding 0 in diffusers means: one row of zeros below and one column to the right.
  const padding: Padding = side === 0 ? [0, 0, 1, 1] : [side, side, side, side]
  return conv2d(module.at('conv'), x, channels, { stride: 2, padding })
}

function upsample(module: Scope, x: Value, temb: Value, kind: Resampling): Value {
  const channels = x.shape[1]
  if (kind === 'resnet') return resnetBlock(module, x, temb, channels, { resample: 'up' })
  return upsampledConv2d(module.at('conv'), x, channels)
}
