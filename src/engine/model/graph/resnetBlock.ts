import type { Value } from './graphWriter'
import { conv2d, groupNorm, linear } from './layers'
import { add, averagePool, mul, reshape, scale, silu, split, upsampleNearest } from './operators'
import type { Scope } from './Scope'
import { upsampledConv2d } from './upsampledConv'

/** What sets some residual blocks apart. */
export interface ResnetOptions {
  /** Halves or doubles the resolution of both branches, right after the first activation. */
  readonly resample?: 'down' | 'up'
  /** Divides the sum of both branches. */
  readonly outputScaleFactor?: number
}

/**
 * Residual block: two convolutions, each after a group norm and SiLU, with the time embedding between them, and a
 * 1 x 1 convolution on the other branch where the number of channels changes. [N, in, H, W] -> [N, out, H', W'].
 *
 * Source: diffusers `ResnetBlock2D`.
 *
 * @param temb  [1, D], already through its SiLU
 */
export function resnetBlock(
  module: Scope,
  x: Value,
  temb: Value,
  outChannels: number,
  { resample, outputScaleFactor = 1 }: ResnetOptions = {},
): Value {
  let h = silu(module, groupNorm(module.at('norm1'), x))
  h = resampledConv2d(module.at('conv1'), h, outChannels, resample)
  h = silu(module, timeConditionedNorm(module, h, temb))
  h = conv2d(module.at('conv2'), h, outChannels)
  const sum = add(module, shortcut(module, x, outChannels, resample), h)
  return scale(module, sum, 1 / outputScaleFactor)
}

function resampledConv2d(
  module: Scope,
  x: Value,
  outChannels: number,
  resample: ResnetOptions['resample'],
): Value {
  if (resample === 'up') return upsampledConv2d(module, x, outChannels)
  return conv2d(module, resample === 'down' ? averagePool(module, x) : x, outChannels)
}

/** The second group norm, with the time embedding added before it, or applied after it as factor and shift. */
function timeConditionedNorm(module: Scope, h: Value, temb: Value): Value {
  const channels = h.shape[1]
  const perChannel = (count: number) =>
    reshape(module, linear(module.at('time_emb_proj'), temb, count), [1, count, 1, 1])
  if (module.config.resnetTimeScaleShift === 'default') {
    return groupNorm(module.at('norm2'), add(module, h, perChannel(channels)))
  }
  const [factor, shift] = split(module, perChannel(2 * channels), 1, 2)
  const onePlusFactor = add(module, factor, module.graph.floats([1], []))
  return add(module, mul(module, groupNorm(module.at('norm2'), h), onePlusFactor), shift)
}

/** The other branch: x, brought to the resolution and number of channels of the sum. */
function shortcut(module: Scope, x: Value, outChannels: number, resample: ResnetOptions['resample']): Value {
  let h = x
  if (resample === 'down') h = averagePool(module, x)
  if (resample === 'up') h = upsampleNearest(module, x)
  if (x.shape[1] === outChannels) return h
  return conv2d(module.at('conv_shortcut'), h, outChannels, { kernel: 1, padding: [0, 0, 0, 0] })
}
