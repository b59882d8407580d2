import { LRUCache } from 'lru-cache'
import { StudioError } from '#shared/errors'
import { createTensor } from '#core/diffusion/tensor'
import type { ComputeInfo, ModelInfo } from '#shared/reports'
import type { ClipConfig } from '../graph/text/clip'
import type { TextEncoderSource } from '../graph/text/textEncoderSource'
import type { Condition } from '../network/condition'
import { deviceFailure } from '../network/deviceFailure'
import { modelFailure } from '../network/modelFailure'
import type { Turn, Turns } from '../network/Turns'
import { readClipTokenizer } from './clipTokenizer'

/** The parts needed to encode the texts of a model. */
export interface TextEncodersOptions {
  /** In the order in which their tokens are joined; the last provides the pooled embedding, if needed. */
  readonly encoders: readonly TextEncoderSource[]
  /** Whether the network also takes the pooled text embedding and the sizes of the picture. */
  readonly isPooled: boolean
  readonly info: ModelInfo
  readonly compute: ComputeInfo
  readonly turns: Turns
}

/** The output of one encoder for a text. */
interface Encoded {
  readonly tokens: Float32Array
  readonly pooled: Float32Array
}

const textsKept = 64

/** Encodes texts for a network. Encoders are open only while they encode, to leave memory to the network. */
export class TextEncoders {
  readonly #known = new LRUCache<string, Promise<Condition>>({ max: textsKept })

  constructor(private readonly options: TextEncodersOptions) {}

  /**
   * Returns the network's inputs for a text: `text` [1, 77, C] and, if it takes more, `pooled` [1, P] and
   * `sizes` [1, 6], for an uncropped picture of the model's own size (Podell et al. 2023, section 2.2).
   *
   * @throws StudioError BAD_MODEL, UNSUPPORTED or DEVICE_FAILED; the reason of the turn's signal once it is
   *   aborted
   */
  encode(text: string, turn: Turn): Promise<Condition> {
    const known = this.#known.get(text)
    if (known) return known
    const condition = this.encodeAnew(text, turn)
    this.#known.set(text, condition)
    condition.catch(() => this.#known.delete(text))
    return condition
  }

  private async encodeAnew(text: string, turn: Turn): Promise<Condition> {
    const { encoders, isPooled, info } = this.options
    const parts: Encoded[] = []
    for (const encoder of encoders) parts.push(await this.run(encoder, text, turn))
    const tokens = joinTokens(
      parts.map((part) => part.tokens),
      encoders,
    )
    if (!isPooled) return { text: tokens }
    const { pooled } = parts.at(-1)!
    const { height, width } = info.picture
    const sizes = Float32Array.of(height, width, 0, 0, height, width)
    return {
      text: tokens,
      pooled: createTensor([1, pooled.length], pooled),
      sizes: createTensor([1, sizes.length], sizes),
    }
  }

  private async run(encoder: TextEncoderSource, text: string, turn: Turn): Promise<Encoded> {
    const { info, compute, turns } = this.options
    const { config, tokenizer } = encoder
    const { ids } = (await readClipTokenizer(tokenizer)).tokenize(text, config.max_position_embeddings)
    const evaluate = async () => {
      const session = await encoder.open()
      try {
        return (await session.run(encoder.inputsOf(ids, endOf(ids, config)))).data
      } finally {
        await session.close()
      }
    }
    const data = await turns.take(evaluate, turn).catch((error: unknown) => {
      turn.signal?.throwIfAborted()
      if (error instanceof StudioError) throw error
      const { provider } = compute
      throw provider === 'cpu' ? modelFailure(info.path, error) : deviceFailure(provider, error)
    })
    const length = config.max_position_embeddings * config.hidden_size
    return { tokens: data.subarray(0, length), pooled: data.slice(length) }
  }
}

/** Returns where a text ends. Old files wrongly name token 2; the end is then the largest token number. */
function endOf(ids: readonly number[], { eos_token_id: end }: ClipConfig): number {
  const oldMistake = 2
  return ids.indexOf(end === oldMistake ? Math.max(...ids) : end)
}

/** Concatenates the channels of all encoders for each token, [1, tokens, sum of channels]. */
function joinTokens(parts: readonly Float32Array[], encoders: readonly TextEncoderSource[]) {
  const length = encoders[0].config.max_position_embeddings
  const widths = encoders.map(({ config }) => config.hidden_size)
  const total = widths.reduce((sum, width) => sum + width, 0)
  const joined = createTensor([1, length, total])
  for (let token = 0; token < length; token++) {
    let offset = token * total
    parts.forEach((part, i) => {
      joined.data.set(part.subarray(token * widths[i], (token + 1) * widths[i]), offset)
      offset += widths[i]
    })
  }
  return joined
}
