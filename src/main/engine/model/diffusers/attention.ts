import type { Value } from './graphWriter'
import { groupNorm, type Network } from './layers'
import { add, concat, matMul, reshape, scale, softmax, split, transpose } from './operators'

export interface AttentionOptions {
  /** Groups of the norm in front; null leaves it out. */
  readonly groups: number | null
  /** Divides the sum of input and answer. */
  readonly outputScaleFactor?: number
}

/** Names of the four projections since diffusers 0.15, and before. */
const projectionNames = {
  query: ['to_q', 'query'],
  key: ['to_k', 'key'],
  value: ['to_v', 'value'],
  out: ['to_out.0', 'proj_attn'],
}

/**
 * Self-attention over all H * W positions with a residual connection (Vaswani et al. 2017, eq. 1).
 * [N, C, H, W] -> [N, C, H, W].
 *
 * The projections are 1 x 1 convolutions, so features stay [C, positions] throughout and nothing but two operands of
 * a matrix product is ever transposed, which the runtime folds into the product. Source: diffusers `Attention`.
 */
export function attention(
  net: Network,
  path: string,
  x: Value,
  { groups, outputScaleFactor = 1 }: AttentionOptions,
): Value {
  const { graph, config } = net
  const [batch, channels, height, width] = x.shape
  const headDim = config.attentionHeadDim ?? channels
  const heads = channels / headDim
  const normal = groups === null ? x : groupNorm(net, `${path}.group_norm`, x, groups)
  const projections = project(net, path, normal, ['query', 'key', 'value'])
  const [query, key, value] = split(graph, path, projections, 1, 3).map((part) =>
    reshape(graph, path, part, [batch, heads, headDim, height * width]),
  )
  const products = matMul(graph, path, transpose(graph, path, query, [0, 1, 3, 2]), key)
  const weights = softmax(graph, path, scale(graph, path, products, headDim ** -0.5))
  const mixed = matMul(graph, path, value, transpose(graph, path, weights, [0, 1, 3, 2]))
  const answer = project(net, path, reshape(graph, path, mixed, x.shape), ['out'])
  return scale(graph, path, add(graph, path, x, answer), 1 / outputScaleFactor)
}

/** Linear layers on the channels of every position, answers joined along the channels. */
function project(net: Network, path: string, x: Value, layers: (keyof typeof projectionNames)[]): Value {
  const { graph, weights } = net
  const [batch, channels, height, width] = x.shape
  const joined = (suffix: string, shape: readonly number[]) => {
    const parts = layers.map((layer) =>
      weights.take(
        projectionNames[layer].map((name) => `${path}.${name}.${suffix}`),
        shape,
      ),
    )
    return parts.length === 1 ? parts[0] : concat(graph, path, parts, 0)
  }
  const outChannels = channels * layers.length
  const kernel = reshape(graph, path, joined('weight', [channels, channels]), [outChannels, channels, 1, 1])
  const inputs = [x, kernel, joined('bias', [channels])]
  return graph.node(path, 'Conv', inputs, [batch, outChannels, height, width], { kernel_shape: [1, 1] })
}
