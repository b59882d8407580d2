import { StudioError } from '#shared/errors'
import { createTensor } from '#core/diffusion/tensor'
import type { ComputeInfo, ModelInfo } from '#shared/reports'
import { AbortableMemo } from '../../memo/AbortableMemo'
import type { ClipConfig } from '../graph/text/clip'
import { emptyText, wrongEnd } from '../graph/text/emptyText'
import type { TextEncoderSource } from '../graph/text/textEncoderSource'
import type { Condition } from '../network/condition'
import { deviceFailure } from '../network/deviceFailure'
import { modelFailure } from '../network/modelFailure'
import type { EvaluationTurn } from '../network/evaluateSlices'
import type { Turns } from '../network/Turns'
import { holdsClipTokenizer, readClipTokenizer, roomFor, type TextTokens } from './clipTokenizer'

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
  /** The number of tokens at the end of the text that were left out. */
  readonly leftOut: number
}

const textsKept = 64

/** Encodes texts for a network. Encoders are open only while they encode, to leave memory to the network. */
export class TextEncoders {
  readonly #known = new AbortableMemo<Condition>({ max: textsKept })

  constructor(private readonly options: TextEncodersOptions) {}

  /**
   * Returns the network's inputs for a text: `text` [1, 77, C] and, if it takes more, `pooled` [1, P] and
   * `sizes` [1, 6], for an uncropped picture of the model's own size (Podell et al. 2023, section 2.2). The
   * turn's notice says if a new text is too long to be read as a whole.
   *
   * @throws StudioError BAD_MODEL, UNSUPPORTED or DEVICE_FAILED; the reason of the turn's signal once it is
   *   aborted
   */
  encode(text: string, turn: EvaluationTurn): Promise<Condition> {
    return this.#known.get(text, turn.signal, () => this.encodeAnew(text, turn))
  }

  /** Returns the same if it is in memory; undefined also while it is being encoded. */
  find(text: string): Condition | undefined {
    return this.#known.find(text)
  }

  private async encodeAnew(text: string, turn: EvaluationTurn): Promise<Condition> {
    const { encoders, isPooled, info } = this.options
    const parts: Encoded[] = []
    for (const encoder of encoders) parts.push(await this.run(encoder, text, turn))
    const leftOut = Math.max(...parts.map((part) => part.leftOut))
    if (leftOut > 0) turn.onNotice?.(cutNotice(text, leftOut, encoders[0]))
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

  private async run(encoder: TextEncoderSource, text: string, turn: EvaluationTurn): Promise<Encoded> {
    const { info, compute, turns } = this.options
    const { config } = encoder
    const { ids, leftOut } = await tokensOf(text, encoder)
    const evaluate = async () => {
      turn.onStart?.()
      try {
        const session = await encoder.open()
        try {
          return (await session.run(encoder.inputsOf(ids, endOf(ids, config)))).data
        } finally {
          await session.close()
        }
      } finally {
        turn.onOver?.()
      }
    }
    const data = await turns.take(evaluate, turn).catch((error: unknown) => {
      turn.signal?.throwIfAborted()
      if (error instanceof StudioError) throw error
      const { provider } = compute
      throw provider === 'cpu' ? modelFailure(info.path, error) : deviceFailure(provider, error)
    })
    const length = config.max_position_embeddings * config.hidden_size
    return { tokens: data.subarray(0, length), pooled: data.slice(length), leftOut }
  }
}

/**
 * @throws StudioError BAD_MODEL for a text whose tokens cannot be known, if the model has no tokenizer; UNSUPPORTED
 *   if it has one of another kind, for which not even the tokens of the empty text are known
 */
async function tokensOf(text: string, encoder: TextEncoderSource): Promise<TextTokens> {
  const { config, tokenizer, answer } = encoder
  if (await holdsClipTokenizer(tokenizer)) {
    const found = await readClipTokenizer(tokenizer)
    return requireKnown(found.tokenize(text, config.max_position_embeddings), encoder)
  }
  const empty = emptyText(config, answer)
  if (empty && text.trim() === '') return { ids: empty, leftOut: 0 }
  const choice = empty ? ', or leave the prompt empty' : ''
  throw new StudioError(
    'BAD_MODEL',
    `${tokenizer} holds no whole tokenizer: put that folder of the model there${choice}.`,
  )
}

/** @throws StudioError BAD_MODEL for tokens that were added to the tokenizer and not to its encoder */
function requireKnown(tokens: TextTokens, { config, tokenizer }: TextEncoderSource): TextTokens {
  if (Math.max(...tokens.ids) < config.vocab_size) return tokens
  throw new StudioError(
    'BAD_MODEL',
    `${tokenizer} has more tokens than the ${config.vocab_size} of its text encoder: put the folders of one model there.`,
  )
}

/** The number of characters that a message shows of a long text. */
const shownLength = 40

/** Says that a text was cut, and of which text. */
function cutNotice(text: string, leftOut: number, { config }: TextEncoderSource): string {
  const characters = Array.from(text)
  const start = characters.length > shownLength ? `${characters.slice(0, shownLength).join('')}…` : text
  const tokens = leftOut === 1 ? 'its last token was' : `its last ${leftOut} tokens were`
  return `The prompt "${start}" is longer than the ${roomFor(config.max_position_embeddings)} tokens that the model reads: ${tokens} left out, so shorten it if its end matters.`
}

/**
 * Returns where a text ends. In old files, which number it wrongly, it is the largest token number. If the end
 * does not occur, because tokenizer and encoder are of two models, it is the start, as in transformers.
 */
function endOf(ids: readonly number[], { eos_token_id: end }: ClipConfig): number {
  return Math.max(0, ids.indexOf(end === wrongEnd ? Math.max(...ids) : end))
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
