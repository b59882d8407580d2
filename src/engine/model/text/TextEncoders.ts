import { LRUCache } from 'lru-cache'
import { createTensor } from '#core/diffusion/tensor'
import type { ComputeInfo, ModelInfo } from '#shared/reports'
import {
  answerSizes,
  type ClipAnswer,
  type ClipConfig,
  type TextEncoderParts,
  writeClip,
} from '../graph/text/clip'
import { computeTypes } from '../graph/graphWriter'
import { buildGraph } from '../graph/networkGraph'
import { sinusoidsOf, type SinusoidOptions } from '../graph/timeEmbedding'
import type { TextIntake } from '../graph/unet'
import type { Condition } from '../network/condition'
import { deviceFailure } from '../network/deviceFailure'
import { modelFailure } from '../network/modelFailure'
import type { OpenGraph } from '../network/optimizedGraphs'
import type { Turn, Turns } from '../network/Turns'
import { readWeights } from '../weights/networkWeights'
import { readClipTokenizer } from './clipTokenizer'

/** What texts of a model are encoded with. */
export interface TextEncodersOptions {
  readonly encoders: readonly TextEncoderParts[]
  readonly intake: TextIntake
  /** Of the network that is shown the texts, which makes sinusoids of sizes as it does of timesteps. */
  readonly sinusoids: SinusoidOptions
  readonly info: ModelInfo
  readonly compute: ComputeInfo
  readonly openGraph: OpenGraph
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
   * What the network is shown of a text: `text` [1, 77, C] and, where it takes more, `added` [1, L].
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
    const { encoders, intake } = this.options
    const parts: Encoded[] = []
    for (const [i, encoder] of encoders.entries()) {
      parts.push(await this.run(encoder, answerOf(intake, i === encoders.length - 1), text, turn))
    }
    const tokens = joinTokens(
      parts.map((part) => part.tokens),
      encoders,
    )
    if (intake.added === null) return { text: tokens }
    const sizes = this.sizes(intake.added.sinusoidChannels)
    const pooled = parts.at(-1)!.pooled
    const added = Float32Array.from([...pooled, ...sizes])
    return { text: tokens, added: createTensor([1, added.length], added) }
  }

  private async run(
    { config, weightFiles, tokenizer }: TextEncoderParts,
    answer: ClipAnswer,
    text: string,
    turn: Turn,
  ): Promise<Encoded> {
    const { info, compute, openGraph, turns } = this.options
    const length = config.max_position_embeddings
    const { ids } = (await readClipTokenizer(tokenizer)).tokenize(text, length)
    const weights = await readWeights(weightFiles)
    const graph = buildGraph(writeClip(config, answer), weights, computeTypes.fp32)
    const inputs = {
      tokens: { data: ids, shape: [length] },
      ...(answer.pooled && { end: { data: [endOf(ids, config)], shape: [1] } }),
    }
    const evaluate = async () => {
      const session = await openGraph(graph, { externalFolder: weights.folder }, info)
      try {
        return (await session.run(inputs)).data
      } finally {
        await session.close()
      }
    }
    const data = await turns.take(evaluate, turn).catch((error: unknown) => {
      turn.signal?.throwIfAborted()
      const { provider } = compute
      throw provider === 'cpu' ? modelFailure(info.path, error) : deviceFailure(provider, error)
    })
    const sizes = answerSizes(config, answer)
    return { tokens: data.subarray(0, sizes.tokens), pooled: data.subarray(sizes.tokens) }
  }

  /** The sizes that SDXL is shown, of a picture of its own size that was not cropped, as sinusoids. */
  private sizes(channels: number): readonly number[] {
    const { height, width } = this.options.info.picture
    const options = { ...this.options.sinusoids, sinusoidChannels: channels }
    return [height, width, 0, 0, height, width].flatMap((size) => sinusoidsOf(options, size))
  }
}

/** SDXL is shown what stands before the last layer, and the text as a whole by its last encoder. */
function answerOf({ added }: TextIntake, isLast: boolean): ClipAnswer {
  return added === null ? { tokens: 'last', pooled: false } : { tokens: 'lastButOne', pooled: isLast }
}

/** Where a text ends. Old files name a token 2 that never was: there, the end is the token of the largest number. */
function endOf(ids: readonly number[], { eos_token_id: end }: ClipConfig): number {
  const oldMistake = 2
  return ids.indexOf(end === oldMistake ? Math.max(...ids) : end)
}

/** The tokens of all encoders side by side, [1, tokens, sum of channels]. */
function joinTokens(parts: readonly Float32Array[], encoders: readonly TextEncoderParts[]) {
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
