import { attendInSlices } from './attendInSlices'
import type { Value } from './graphWriter'
import { TensorProto_DataType as DataType } from './onnx_pb'
import { groupNorm, layerNorm, linear, pointwiseConv2d } from './layers'
import { add, matMul, mul, reshape, scale, softmax, split, transpose } from './operators'
import type { Scope } from './Scope'

/** The options of a transformer over the positions of a picture. */
export interface TransformerOptions {
  readonly groups: number
  readonly heads: number
  /** Number of blocks. */
  readonly depth: number
  /** Whether the layers around the blocks are stored as linear layers or as 1 x 1 convolutions. */
  readonly linearProjection: boolean
  /** Whether attention weights are computed in float32 even in a half-precision graph, where some overflow. */
  readonly upcastAttention: boolean
  /** What its positions attend to besides each other, [N, tokens, D]. */
  readonly context: Value
}

/** Epsilon of the first norm, and of those in the blocks. */
const [groupNormEps, layerNormEps] = [1e-6, 1e-5]

/** The inner layer of a block is this many times as wide. */
const widening = 4

/**
 * Writes a transformer: several blocks of self-attention over all positions, cross-attention to a context,
 * and two layers on each position, with a residual connection around them all (Rombach et al. 2022, appendix
 * E.2.1). [N, C, H, W] -> [N, C, H, W]. Source: diffusers `Transformer2DModel`, `BasicTransformerBlock`.
 */
export function transformer(module: Scope, x: Value, options: TransformerOptions): Value {
  const [batch, channels, height, width] = x.shape
  const positions = height * width
  const toRows = (value: Value) => {
    const flat = reshape(module, value, [batch, channels, positions])
    return reshape(module, transpose(module, flat, [0, 2, 1]), [batch * positions, channels])
  }
  const toPicture = (value: Value) => {
    const tokens = reshape(module, value, [batch, positions, channels])
    return reshape(module, transpose(module, tokens, [0, 2, 1]), x.shape)
  }
  const normal = groupNorm(module.at('norm'), x, { groups: options.groups, eps: groupNormEps })
  let h = options.linearProjection
    ? linear(module.at('proj_in'), toRows(normal), channels)
    : toRows(pointwiseConv2d(module.at('proj_in'), normal, channels))
  for (let i = 0; i < options.depth; i++) {
    h = transformerBlock(module.at(`transformer_blocks.${i}`), h, { ...options, batch })
  }
  const answer = options.linearProjection
    ? toPicture(linear(module.at('proj_out'), h, channels))
    : pointwiseConv2d(module.at('proj_out'), toPicture(h), channels)
  return add(module, answer, x)
}

/** The options of attention of rows to rows. */
type MultiHeadOptions = Pick<TransformerOptions, 'heads' | 'upcastAttention'> & { readonly batch: number }

/** @param rows  [N * positions, C] */
function transformerBlock(
  module: Scope,
  rows: Value,
  { context, ...attention }: Pick<TransformerOptions, 'context'> & MultiHeadOptions,
): Value {
  const channels = rows.shape[1]
  const [, tokens, features] = context.shape
  const contextRows = reshape(module, context, [attention.batch * tokens, features])
  const norm = (index: number, x: Value) => layerNorm(module.at(`norm${index}`), x, layerNormEps)
  const own = norm(1, rows)
  let h = add(module, rows, multiHeadAttention(module.at('attn1'), own, own, attention))
  h = add(module, h, multiHeadAttention(module.at('attn2'), norm(2, h), contextRows, attention))
  const [hidden, gate] = split(
    module,
    linear(module.at('ff.net.0.proj'), norm(3, h), 2 * widening * channels),
    1,
    2,
  )
  const gated = mul(module, hidden, module.node('Gelu', [gate], gate.shape))
  return add(module, h, linear(module.at('ff.net.2'), gated, channels))
}

/**
 * Writes attention of rows to rows (Vaswani et al. 2017, section 3.2.2), without the residual connection.
 *
 * @param rows  [N * positions, C]
 * @param others  [N * tokens, D]
 */
function multiHeadAttention(
  module: Scope,
  rows: Value,
  others: Value,
  { heads, batch, upcastAttention }: MultiHeadOptions,
): Value {
  const channels = rows.shape[1]
  const headDim = channels / heads
  const headsOf = (name: string, x: Value, perm: readonly number[]) => {
    const projected = linear(module.at(name), x, channels, { hasBias: false })
    return transpose(module, reshape(module, projected, [batch, x.shape[0] / batch, heads, headDim]), perm)
  }
  const query = headsOf('to_q', rows, [0, 2, 1, 3])
  const key = headsOf('to_k', others, [0, 2, 3, 1])
  const value = headsOf('to_v', others, [0, 2, 1, 3])
  const scaled = scale(module, query, headDim ** -0.5)
  const attended = attendInSlices(module, { query: scaled, axis: 2, seen: key.shape[3] }, (queries) =>
    matMul(module, attentionWeights(module, queries, key, upcastAttention), value),
  )
  const mixed = transpose(module, attended, [0, 2, 1, 3])
  return linear(module.at('to_out.0'), reshape(module, mixed, rows.shape), channels)
}

/** Returns softmax(query key). With `isUpcast` both operands are float32, as diffusers casts them. */
function attentionWeights(module: Scope, query: Value, key: Value, isUpcast: boolean): Value {
  const { graph } = module
  if (!isUpcast || graph.computeType === DataType.FLOAT) return softmax(module, matMul(module, query, key))
  const shape = [...query.shape.slice(0, -1), key.shape.at(-1)!]
  const operands = [query, key].map((value) => graph.cast(value, DataType.FLOAT))
  const products = graph.exactNode('MatMul', operands, shape)
  return graph.cast(graph.exactNode('Softmax', [products], shape, { axis: -1 }), graph.computeType)
}
