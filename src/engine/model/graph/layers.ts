import { sizeOf } from '#core/diffusion/tensor'
import { computeTypes, type Value } from './graphWriter'
import { add, averageOver, divide, mul, reshape, squareRoot, subtract } from './operators'
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

/** Layer normalisation of rows (Ba et al. 2016), then a factor and a bias per feature. [M, C] -> [M, C]. */
export function layerNorm(module: Scope, x: Value, eps: number): Value {
  const shape = [x.shape.at(-1)!]
  const inputs = [x, module.weight('weight', shape), module.weight('bias', shape)]
  return module.node('LayerNormalization', inputs, x.shape, { axis: -1, epsilon: { float: eps } })
}

/** Options of group normalisation: the number of channel groups, and the epsilon added to each variance. */
export interface NormOptions {
  readonly groups: number
  readonly eps: number
}

/**
 * The most float32 values that the runtime may sum in one go. In sums of 262,144 values, as in a group of 512
 * channels at 128 x 128 positions, it loses two of the seven digits.
 */
const longestSum = 2 ** 15

/**
 * Group normalisation (Wu and He 2018): normalises every group of channels of each item to mean 0 and
 * variance 1, then applies a factor and a bias per channel. [N, C, H, W] -> [N, C, H, W].
 */
export function groupNorm(module: Scope, x: Value, options: NormOptions): Value {
  const [, channels, height, width] = x.shape
  const isLong = (channels / options.groups) * height * width > longestSum
  // In half precision, only the runtime's own normalisation accumulates in float32.
  const isSummedByRows = isLong && module.graph.computeType === computeTypes.fp32
  const scaled = isSummedByRows ? scaledByRows(module, x, options) : scaledAtOnce(module, x, options)
  return add(module, scaled, reshape(module, module.weight('bias', [channels]), [channels, 1, 1]))
}

/**
 * Writes groups as the channels of an instance normalisation, which on the CPU is several times faster than a
 * layer normalisation, and more accurate.
 */
function scaledAtOnce(module: Scope, x: Value, { groups, eps }: NormOptions): Value {
  const { graph } = module
  const [batch, channels] = x.shape
  const grouped = reshape(module, x, [batch, groups, sizeOf(x.shape) / (batch * groups)])
  const ones = graph.floats(Array<number>(groups).fill(1))
  const zeros = graph.floats(Array<number>(groups).fill(0))
  const normal = module.node('InstanceNormalization', [grouped, ones, zeros], grouped.shape, {
    epsilon: { float: eps },
  })
  const factor = reshape(module, module.weight('weight', [channels]), [channels, 1, 1])
  return mul(module, reshape(module, normal, x.shape), factor)
}

/**
 * Averages each row first and then the row averages, so that no sum is long. The factor that normalises the
 * variance is merged with that of the channel.
 */
function scaledByRows(module: Scope, x: Value, { groups, eps }: NormOptions): Value {
  const { graph } = module
  const [batch, channels, height, width] = x.shape
  const ofGroup = channels / groups
  const mean = (values: Value) => averageOver(module, averageOver(module, values, 3), 2)
  const grouped = reshape(module, x, [batch, groups, ofGroup * height, width])
  const centred = subtract(module, grouped, mean(grouped))
  const variance = mean(mul(module, centred, centred))
  const deviation = squareRoot(module, add(module, variance, graph.floats([eps], [])))
  const weight = reshape(module, module.weight('weight', [channels]), [1, groups, ofGroup, 1])
  const factor = divide(module, weight, deviation, [batch, groups, ofGroup, 1])
  return mul(module, reshape(module, centred, x.shape), reshape(module, factor, [batch, channels, 1, 1]))
}
