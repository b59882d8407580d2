import { sizeOf } from '../../core/tensor'
import type { GraphWriter, Value } from './graphWriter'
import { add, mul, reshape } from './operators'
import type { UNetConfig } from './unetConfig'
import type { WeightInitializers } from './weightInitializers'

/** What every layer of a network is written with. */
export interface Network {
  readonly graph: GraphWriter
  readonly weights: WeightInitializers
  readonly config: UNetConfig
}

/** Zeros around a picture: top, left, bottom, right. */
export type Padding = readonly [number, number, number, number]

/**
 * 2D convolution of `path.weight` [out, in, kernel, kernel] and `path.bias`. [N, in, H, W] -> [N, out, H', W'].
 */
export function conv2d(
  { graph, weights }: Network,
  path: string,
  x: Value,
  outChannels: number,
  { kernel = 3, stride = 1, padding = [1, 1, 1, 1] as Padding } = {},
): Value {
  const [batch, channels, height, width] = x.shape
  const weight = weights.take(`${path}.weight`, [outChannels, channels, kernel, kernel])
  const bias = weights.take(`${path}.bias`, [outChannels])
  const [top, left, bottom, right] = padding
  const sides = [height + top + bottom, width + left + right].map(
    (side) => Math.floor((side - kernel) / stride) + 1,
  )
  const attributes = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: padding }
  return graph.node(path, 'Conv', [x, weight, bias], [batch, outChannels, ...sides], attributes)
}

/** x W^T + b of `path.weight` [out, in] and `path.bias`. [M, in] -> [M, out]. */
export function linear({ graph, weights }: Network, path: string, x: Value, outFeatures: number): Value {
  const [rows, inFeatures] = x.shape
  const weight = weights.take(`${path}.weight`, [outFeatures, inFeatures])
  const bias = weights.take(`${path}.bias`, [outFeatures])
  return graph.node(path, 'Gemm', [x, weight, bias], [rows, outFeatures], { transB: 1 })
}

/**
 * Group normalization (Wu and He 2018): every group of channels of one item to mean 0 and variance 1, then a factor
 * and a bias a channel. [N, C, H, W] -> [N, C, H, W].
 */
export function groupNorm(
  { graph, weights, config }: Network,
  path: string,
  x: Value,
  groups = config.normNumGroups,
): Value {
  const [batch, channels] = x.shape
  const grouped = reshape(graph, path, x, [batch, groups, sizeOf(x.shape) / (batch * groups)])
  const ones = graph.floats(Array<number>(groups).fill(1))
  const zeros = graph.floats(Array<number>(groups).fill(0))
  const normal = graph.node(path, 'InstanceNormalization', [grouped, ones, zeros], grouped.shape, {
    epsilon: { float: config.normEps },
  })
  const perChannel = (name: string) =>
    reshape(graph, path, weights.take(`${path}.${name}`, [channels]), [channels, 1, 1])
  const scaled = mul(graph, path, reshape(graph, path, normal, x.shape), perChannel('weight'))
  return add(graph, path, scaled, perChannel('bias'))
}
