import { z } from 'zod'
import { StudioError } from '#shared/errors'
import { sizeOf } from '#core/diffusion/tensor'
import type { Value } from '../graphWriter'
import { layerNorm, linear } from '../layers'
import type { WriteNetwork } from '../networkGraph'
import { TensorProto_DataType as DataType } from '../onnx_pb'
import { add, concat, matMul, reshape, scale, silu, softmax, transpose } from '../operators'
import type { Scope } from '../Scope'

const count = z.int().min(1)

/** config.json as transformers writes it. Defaults are those of `CLIPTextConfig.__init__`. */
const options = z.object({
  vocab_size: count.default(49408),
  hidden_size: count.default(512),
  intermediate_size: count.default(2048),
  projection_dim: count.default(512),
  num_hidden_layers: count.default(12),
  num_attention_heads: count.default(8),
  max_position_embeddings: count.default(77),
  hidden_act: z.enum(['quick_gelu', 'gelu']).default('quick_gelu'),
  layer_norm_eps: z.number().positive().default(1e-5),
  bos_token_id: z.int().default(49406),
  eos_token_id: z.int().default(49407),
  architectures: z.array(z.string()).nullable().default(null),
})

const schema = options.refine((read) => read.hidden_size % read.num_attention_heads === 0, {
  path: ['num_attention_heads'],
  error: 'the channels of "hidden_size" do not divide into so many heads',
})

/** What a CLIP text encoder computes, read from its configuration. */
export type ClipConfig = z.infer<typeof schema>

/** Which outputs of a text encoder are needed. */
export interface ClipAnswer {
  /** The tokens after the last layer and its norm, or as they are before the last layer. */
  readonly tokens: 'last' | 'lastButOne'
  /** Whether the projected embedding of the whole text follows the tokens. */
  readonly pooled: boolean
}

/**
 * Reads the configuration of a `CLIPTextModel`, with or without projection.
 *
 * @throws StudioError UNSUPPORTED for another kind of text encoder, BAD_MODEL for a value of the wrong kind
 */
export function parseClipConfig(json: unknown, path: string): ClipConfig {
  const type = (json as { model_type?: unknown } | null)?.model_type ?? 'clip_text_model'
  if (type !== 'clip_text_model') {
    const sentence = `${path}: text encoders of type ${JSON.stringify(type)} are not supported, only "clip_text_model": choose another model.`
    throw new StudioError('UNSUPPORTED', sentence)
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new StudioError(
    'BAD_MODEL',
    `${path}: "${issue.path.join('.')}" is wrong: ${issue.message}; write the value there that the encoder was trained with.`,
  )
}

/**
 * Writes the transformer that encodes a text for a network (Radford et al. 2021, section 2.4). Inputs, all
 * integers: `tokens` [77], and `end` [1], the position of the end of the text, where its pooled embedding is
 * taken. Output: the tokens [77, C] row by row, followed by the pooled embedding, as one row. Source:
 * transformers `CLIPTextModel`.
 */
export function writeClip(config: ClipConfig, answer: ClipAnswer): WriteNetwork {
  const { hidden_size: channels, layer_norm_eps: eps, max_position_embeddings: length } = config
  return (root) => {
    const model = textModel(root)
    const tokens = root.graph.input('tokens', [length], DataType.INT64)
    const table = model('embeddings.token_embedding').weight('weight', [config.vocab_size, channels])
    const positions = model('embeddings.position_embedding').weight('weight', [length, channels])
    let h = add(root, root.node('Gather', [table, tokens], [length, channels], { axis: 0 }), positions)
    let lastButOne = h
    for (let i = 0; i < config.num_hidden_layers; i++) {
      lastButOne = h
      h = layer(model(`encoder.layers.${i}`), h, config)
    }
    const last = layerNorm(model('final_layer_norm'), h, eps)
    const parts = [answer.tokens === 'last' ? last : lastButOne]
    if (answer.pooled) {
      const end = root.graph.input('end', [1], DataType.INT64)
      const pooled = root.node('Gather', [last, end], [1, channels], { axis: 0 })
      parts.push(linear(root.at('text_projection'), pooled, config.projection_dim, { hasBias: false }))
    }
    const rows = parts.map((part) => reshape(root, part, [1, sizeOf(part.shape)]))
    return rows.length === 1 ? rows[0] : concat(root, rows, 1)
  }
}

/** Returns the encoder's modules, under names with or without the prefix `text_model.`; files use either. */
function textModel(root: Scope): (name: string) => Scope {
  return (name) => root.atEither([`text_model.${name}`, name])
}

function layer(module: Scope, x: Value, config: ClipConfig): Value {
  const { layer_norm_eps: eps, intermediate_size: width, hidden_size: channels } = config
  const attended = causalAttention(
    module.at('self_attn'),
    layerNorm(module.at('layer_norm1'), x, eps),
    config.num_attention_heads,
  )
  const h = add(module, x, attended)
  const hidden = linear(module.at('mlp.fc1'), layerNorm(module.at('layer_norm2'), h, eps), width)
  const active =
    config.hidden_act === 'gelu' ? module.node('Gelu', [hidden], hidden.shape) : quickGelu(module, hidden)
  return add(module, h, linear(module.at('mlp.fc2'), active, channels))
}

/** x sigmoid(1.702 x), the approximation of GELU in the first CLIP. */
function quickGelu(module: Scope, x: Value): Value {
  const factor = 1.702
  return scale(module, silu(module, scale(module, x, factor)), 1 / factor)
}

/** Attention of each token to itself and the tokens before it. [M, C] -> [M, C]. */
function causalAttention(module: Scope, x: Value, heads: number): Value {
  const [length, channels] = x.shape
  const headDim = channels / heads
  const headsOf = (name: string, perm: readonly number[]) =>
    transpose(module, reshape(module, linear(module.at(name), x, channels), [length, heads, headDim]), perm)
  const query = scale(module, headsOf('q_proj', [1, 0, 2]), headDim ** -0.5)
  const scores = add(module, matMul(module, query, headsOf('k_proj', [1, 2, 0])), causalMask(module, length))
  const mixed = matMul(module, softmax(module, scores), headsOf('v_proj', [1, 0, 2]))
  const joined = reshape(module, transpose(module, mixed, [1, 0, 2]), [length, channels])
  return linear(module.at('out_proj'), joined, channels)
}

/** Far below every score, but still representable in half precision. */
const hidden = -6e4

/** Returns the mask that hides later tokens, [M, M]. */
function causalMask(module: Scope, length: number): Value {
  const values = Array.from({ length: length ** 2 }, (_, i) => (i % length > i / length ? hidden : 0))
  return module.graph.floats(values, [length, length])
}
