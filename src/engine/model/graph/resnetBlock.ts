import type { Value } from './graphWriter'
import { conv2d, groupNorm, linear, type NormOptions, pointwiseConv2d } from './layers'
import { add, averagePool, mul, reshape, scale, silu, split, upsampleNearest } from './operators'
import type { Scope } from './Scope'
import { upsampledConv2d } from './upsampledConv'

/** How residual blocks receive the timestep. */
export interface TimeConditioning {
  /** [1, D] for the whole batch, or [N, D]; SiLU is already applied. */
  readonly embedding: Value
  /** Whether it is added before the second norm, or provides that norm's factor and shift. */
  readonly mode: 'default' | 'scale_shift'
}

/** The options of a residual block. */
export interface ResnetOptions {
  readonly outChannels: number
  readonly norm: NormOptions
  /** Null if there is no timestep, as in an autoencoder. */
  readonly time: TimeConditioning | null
  /** Halves or doubles the resolution of both branches, right after the first activation. */
  readonly resample?: 'down' | 'up'
  /** Divides the sum of both branches. */
  readonly outputScaleFactor?: number
}

/**
 * Writes a residual block: two convolutions, each after a group norm and SiLU, with the time embedding
 * between them, and a 1 x 1 convolution on the other branch if the number of channels changes.
 * [N, in, H, W] -> [N, out, H', W'].
 *
 * Source: diffusers `ResnetBlock2D`.
 */
export function resnetBlock(module: Scope, x: Value, options: ResnetOptions): Value {
  const { outChannels, norm, outputScaleFactor = 1 } = options
  let h = silu(module, groupNorm(module.at('norm1'), x, norm))
  h = resampledConv2d(module.at('conv1'), h, options)
  h = silu(module, timeConditionedNorm(module, h, options))
  h = conv2d(module.at('conv2'), h, outChannels)
  const sum = add(module, shortcut(module, x, options), h)
  return scale(module, sum, 1 / outputScaleFactor)
}

function resampledConv2d(module: Scope, x: Value, { outChannels, resample }: ResnetOptions): Value {
  if (resample === 'up') return upsampledConv2d(module, x, outChannels)
  return conv2d(module, resample === 'down' ? averagePool(module, x) : x, outChannels)
}

/** Applies the second group norm, with the time embedding added before it or as factor and shift after it. */
function timeConditionedNorm(module: Scope, h: Value, { norm, time }: ResnetOptions): Value {
  const channels = h.shape[1]
  if (time === null) return groupNorm(module.at('norm2'), h, norm)
  const perChannel = (count: number) => {
    const projected = linear(module.at('time_emb_proj'), time.embedding, count)
    return reshape(module, projected, [time.embedding.shape[0], count, 1, 1])
  }
  if (time.mode === 'default') {
    return groupNorm(module.at('norm2'), add(module, h, perChannel(channels)), norm)
  }
  const [factor, shift] = split(module, perChannel(2 * channels), 1, 2)
  const onePlusFactor = add(module, factor, module.graph.floats([1], []))
  return add(module, mul(module, groupNorm(module.at('norm2'), h, norm), onePlusFactor), shift)
}

/** Writes the other branch: x at the resolution and number of channels of the sum. */
function shortcut(module: Scope, x: Value, { outChannels, resample }: ResnetOptions): Value {
  let h = x
  if (resample === 'down') h = averagePool(module, x)
  if (resample === 'up') h = upsampleNearest(module, x)
  if (x.shape[1] === outChannels) return h
  return pointwiseConv2d(module.at('conv_shortcut'), h, outChannels)
}
