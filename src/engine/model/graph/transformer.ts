import { attendInSlices } from './attendInSlices'
import type { Value } from './graphWriter'
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

/** @param rows  [N * positions, C] */
function transformerBlock(
  module: Scope,
  rows: Value,
  { context, heads, batch }: Pick<TransformerOptions, 'context' | 'heads'> & { batch: number },
): Value {
  const channels = rows.shape[1]
  const [, tokens, features] = context.shape
  const contextRows = reshape(module, context, [batch * tokens, features])
  const norm = (index: number, x: Value) => layerNorm(module.at(`norm${index}`), x, layerNormEps)
  const own = norm(1, rows)
  let h = add(module, rows, multiHeadAttention(module.at('attn1'), own, own, { heads, batch }))
  h = add(module, h, multiHeadAttention(module.at('attn2'), norm(2, h), contextRows, { heads, batch }))
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
  { heads, batch }: { readonly heads: number; readonly batch: number },
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
    matMul(module, softmax(module, matMul(module, queries, key)), value),
  )
  const mixed = transpose(module, attended, [0, 2, 1, 3])
  return linear(module.at('to_out.0'), reshape(module, mixed, rows.shape), channels)
}
