import type { Value } from './graphWriter'
import { conv2d, groupNorm, linear, type Network } from './layers'
import { add, averagePool, mul, reshape, scale, silu, split, upsampleNearest } from './operators'
import { upsampledConv2d } from './upsampledConv'

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
  net: Network,
  path: string,
  x: Value,
  temb: Value,
  outChannels: number,
  { resample, outputScaleFactor = 1 }: ResnetOptions = {},
): Value {
  const { graph } = net
  let h = silu(graph, path, groupNorm(net, `${path}.norm1`, x))
  h =
    resample === 'up'
      ? upsampledConv2d(net, `${path}.conv1`, h, outChannels)
      : conv2d(net, `${path}.conv1`, resampled(net, path, h, resample), outChannels)
  h = silu(graph, path, timeConditionedNorm(net, path, h, temb))
  h = conv2d(net, `${path}.conv2`, h, outChannels)
  let shortcut = resampled(net, path, x, resample)
  if (x.shape[1] !== outChannels) {
    shortcut = conv2d(net, `${path}.conv_shortcut`, shortcut, outChannels, {
      kernel: 1,
      padding: [0, 0, 0, 0],
    })
  }
  return scale(graph, path, add(graph, path, shortcut, h), 1 / outputScaleFactor)
}

/** The second group norm, with the time embedding added before it, or applied after it as factor and shift. */
function timeConditionedNorm(net: Network, path: string, h: Value, temb: Value): Value {
  const { graph, config } = net
  const channels = h.shape[1]
  const factors = config.resnetTimeScaleShift === 'scale_shift' ? 2 : 1
  const projected = linear(net, `${path}.time_emb_proj`, temb, channels * factors)
  const embedding = reshape(graph, path, projected, [1, channels * factors, 1, 1])
  if (factors === 1) return groupNorm(net, `${path}.norm2`, add(graph, path, h, embedding))
  const [factor, shift] = split(graph, path, embedding, 1, 2)
  const onePlusFactor = add(graph, path, factor, graph.floats([1], []))
  return add(graph, path, mul(graph, path, groupNorm(net, `${path}.norm2`, h), onePlusFactor), shift)
}

function resampled(net: Network, path: string, x: Value, resample: ResnetOptions['resample']): Value {
  if (resample === 'down') return averagePool(net.graph, path, x)
  if (resample === 'up') return upsampleNearest(net.graph, path, x)
  return x
}
