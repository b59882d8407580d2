import type { ModelInfo } from '#shared/reports'
import type { OnnxInput, OnnxSession } from '../../network/onnx'
import type { OpenGraph } from '../../network/optimizedGraphs'
import { readWeights } from '../../weights/networkWeights'
import { computeTypes } from '../graphWriter'
import { buildGraph } from '../networkGraph'
import { type ClipAnswer, type ClipConfig, writeClip } from './clip'

/** A text encoder that can be opened, wherever its graph comes from. */
export interface TextEncoderSource {
  readonly config: ClipConfig
  /** The folder of its tokenizer. */
  readonly tokenizer: string
  readonly answer: ClipAnswer
  /** Opens a session that outputs one row per text: tokens [M, C], then the pooled embedding if needed. */
  open(): Promise<OnnxSession>
  /**
   * Returns the inputs for a text.
   *
   * @param end  position of the end of the text
   */
  inputsOf(tokens: readonly number[], end: number): Readonly<Record<string, OnnxInput>>
}

/** What a text encoder is built from. */
export interface TextEncoderParts {
  readonly config: ClipConfig
  readonly tokenizer: string
  readonly weightFiles: readonly string[]
  readonly answer: ClipAnswer
}

/** Creates a text encoder whose graph is built here; its weights are read when it is opened. */
export function builtTextEncoder(
  { config, tokenizer, weightFiles, answer }: TextEncoderParts,
  info: ModelInfo,
  openGraph: OpenGraph,
): TextEncoderSource {
  return {
    config,
    tokenizer,
    answer,
    async open() {
      const weights = await readWeights(weightFiles)
      const graph = buildGraph(writeClip(config, answer), weights, computeTypes.fp32)
      return openGraph(graph, { externalFolder: weights.folder }, info)
    },
    inputsOf: (tokens, end) => ({
      tokens: { data: tokens, shape: [tokens.length] },
      ...(answer.pooled && { end: { data: [end], shape: [1] } }),
    }),
  }
}
