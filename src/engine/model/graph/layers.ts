import { sizeOf } from '#core/diffusion/tensor'
import type { Value } from './graphWriter'
import { add, mul, reshape } from './operators'
import type { Scope } from './Scope'

/** Zeros around a picture: top, left, bottom, right. */
export type Padding = readonly [number, number, number, number]

/** 2D convolution of `weight` [out, in, kernel, kernel] and `bias`, if any. [N, in, H, W] -> [N, out, H', W']. */
export function conv2d(
  module: Scope,
  x: Value,
  outChannels: number,
  { kernel = 3, stride = 1, padding = [1, 1, 1, 1] as Padding, hasBias = true } = {},
): Value {
  const [batch, channels, height, width] = x.shape
  const weight = module.weight('weight', [outChannels, channels, kernel, kernel])
  const bias = hasBias ? [module.weight('bias', [outChannels])] : []
  const [top, left, bottom, right] = padding
  const sides = [height + top + bottom, width + left + right].map(
    (side) => Math.floor((side - kernel) / stride) + 1,
  )
  const attributes = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: padding }
  return module.node('Conv', [x, weight, ...bias], [batch, outChannels, ...sides], attributes)
}

/** 1 x 1 convolution: a linear layer on the channels of every position. [N, in, H, W] -> [N, out, H, W]. */
export function pointwiseConv2d(module: Scope, x: Value, outChannels: number): Value {
  return conv2d(module, x, outChannels, { kernel: 1, padding: [0, 0, 0, 0] })
}

/** x W^T + b of `weight` [out, in] and `bias`, if any. [M, in] -> [M, out]. */
export function linear(module: Scope, x: Value, outFeatures: number, { hasBias = true } = {}): Value {
  const [rows, inFeatures] = x.shape
  const weight = module.weight('weight', [outFeatures, inFeatures])
  const bias = hasBias ? [module.weight('bias', [outFeatures])] : []
  return module.node('Gemm', [x, weight, ...bias], [rows, outFeatures], { transB: 1 })
}

/** Layer normalization of each row (Ba et al. 2016), then a factor and a bias a feature. [M, C] -> [M, C]. */
export function layerNorm(module: Scope, x: Value, eps: number): Value {
  const shape = [x.shape.at(-1)!]
  const inputs = [x, module.weight('weight', shape), module.weight('bias', shape)]
  return module.node('LayerNormalization', inputs, x.shape, { axis: -1, epsilon: { float: eps } })
}

/** How features are normalized: in so many groups of channels, with epsilon added to each variance. */
export interface NormOptions {
  readonly groups: number
  readonly eps: number
}

/**
 * Group normalization (Wu and He 2018): every group of channels of one item to mean 0 and variance 1, then a factor
 * and a bias a channel. [N, C, H, W] -> [N, C, H, W].
 *
 * Groups are written as the channels of an instance normalization, which on the CPU is several times faster than a
 * layer normalization, and more accurate.
 */
export function groupNorm(module: Scope, x: Value, { groups, eps }: NormOptions): Value {
  const { graph } = module
  const [batch, channels] = x.shape
  const grouped = reshape(module, x, [batch, groups, sizeOf(x.shape) / (batch * groups)])
  const ones = graph.floats(Array<number>(groups).fill(1))
  const zeros = graph.floats(Array<number>(groups).fill(0))
  const normal = module.node('InstanceNormalization', [grouped, ones, zeros], grouped.shape, {
    epsilon: { float: eps },
  })
  const perChannel = (name: string) => reshape(module, module.weight(name, [channels]), [channels, 1, 1])
  const scaled = mul(module, reshape(module, normal, x.shape), perChannel('weight'))
  return add(module, scaled, perChannel('bias'))
}
