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

/** What texts of a model are encoded with. */
export interface TextEncodersOptions {
  /** In the order in which their tokens are joined; the last tells of the text as a whole, where that is wanted. */
  readonly encoders: readonly TextEncoderSource[]
  /** Whether the network is shown the text as a whole, too, and the sizes of the picture. */
  readonly isPooled: boolean
  readonly info: ModelInfo
  readonly compute: ComputeInfo
  readonly turns: Turns
}

/** What one encoder makes of a text. */
interface Encoded {
  readonly tokens: Float32Array
  readonly pooled: Float32Array
}

const textsKept = 64

/**
 * Turns texts into what a network is shown of them. An encoder is open only while it encodes: afterwards its memory is
 * worth more to the network.
 */
export class TextEncoders {
  readonly #known = new LRUCache<string, Promise<Condition>>({ max: textsKept })

  constructor(private readonly options: TextEncodersOptions) {}

  /**
   * What the network is shown of a text: `text` [1, 77, C] and, where it takes more, `pooled` [1, P] and `sizes` [1, 6], of a
   * picture of its own size that was not cropped (Podell et al. 2023, section 2.2).
   *
   * @throws StudioError BAD_MODEL, UNSUPPORTED or DEVICE_FAILED; the turn's reason once that is aborted
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

/** Where a text ends. Old files name a token 2 that never was: there, the end is the token of the largest number. */
function endOf(ids: readonly number[], { eos_token_id: end }: ClipConfig): number {
  const oldMistake = 2
  return ids.indexOf(end === oldMistake ? Math.max(...ids) : end)
}

/** The tokens of all encoders side by side, [1, tokens, sum of channels]. */
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
