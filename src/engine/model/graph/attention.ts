import { attendInSlices } from './attendInSlices'
import type { Value } from './graphWriter'
import { groupNorm, type NormOptions } from './layers'
import { add, concat, matMul, reshape, scale, softmax, split, transpose } from './operators'
import type { Scope } from './Scope'

/** The options of an attention layer. */
export interface AttentionOptions {
  /** The norm before it; null for none. */
  readonly norm: NormOptions | null
  /** Channels of one head; null for a single head over all of them. */
  readonly headDim: number | null
  /** Divides the sum of input and output. */
  readonly outputScaleFactor?: number
}

/** Names of the linear layers since diffusers 0.15, and before. */
const layerNames = {
  query: ['to_q', 'query'],
  key: ['to_k', 'key'],
  value: ['to_v', 'value'],
  out: ['to_out.0', 'proj_attn'],
}
type Layer = keyof typeof layerNames

const swapLastAxes = [0, 1, 3, 2]

/**
 * Self-attention over all H * W positions with a residual connection (Vaswani et al. 2017, eq. 1).
 * [N, C, H, W] -> [N, C, H, W].
 *
 * The linear layers are 1 x 1 convolutions, so features stay [channels, positions] throughout. Only operands
 * of matrix products are ever transposed, and the runtime folds that into the product. Source: diffusers
 * `Attention`.
 */
export function attention(
  module: Scope,
  x: Value,
  { norm, headDim: channelsOfHead, outputScaleFactor = 1 }: AttentionOptions,
): Value {
  const [batch, channels, height, width] = x.shape
  const headDim = channelsOfHead ?? channels
  const heads = [batch, channels / headDim, headDim, height * width]
  const normal = norm === null ? x : groupNorm(module.at('group_norm'), x, norm)
  const projections = pointwise(module, normal, ['query', 'key', 'value'])
  const [query, key, value] = split(module, projections, 1, 3).map((part) => reshape(module, part, heads))
  const mixed = attendInSlices(module, { query, axis: 3, seen: height * width }, (queries) => {
    const products = matMul(module, transpose(module, queries, swapLastAxes), key)
    const weights = softmax(module, scale(module, products, headDim ** -0.5))
    return matMul(module, value, transpose(module, weights, swapLastAxes))
  })
  const answer = pointwise(module, reshape(module, mixed, x.shape), ['out'])
  return scale(module, add(module, x, answer), 1 / outputScaleFactor)
}

/** Applies linear layers to the channels of every position and concatenates their output channels. */
function pointwise(module: Scope, x: Value, layers: readonly Layer[]): Value {
  const [batch, channels, height, width] = x.shape
  const outChannels = layers.length * channels
  const joined = (suffix: string, shape: readonly number[]) => {
    const names = (layer: Layer) => layerNames[layer].map((name) => `${name}.${suffix}`)
    const parts = layers.map((layer) => module.weight(names(layer), shape))
    return parts.length === 1 ? parts[0] : concat(module, parts, 0)
  }
  const kernel = reshape(module, joined('weight', [channels, channels]), [outChannels, channels, 1, 1])
  const inputs = [x, kernel, joined('bias', [channels])]
  return module.node('Conv', inputs, [batch, outChannels, height, width], { kernel_shape: [1, 1] })
}
