import { StudioError } from '#shared/errors'
import type { ModelInfo } from '#shared/reports'
import type { ClipAnswer } from '../../graph/text/clip'
import type { TextEncoderSource } from '../../graph/text/textEncoderSource'
import { TensorProto_DataType as DataType } from '../../graph/onnx_pb'
import type { OpenGraph } from '../../network/optimizedGraphs'
import { type GraphFile, readGraphFile } from './graphFile'
import { added, floatPort, nodeOf, withOtherEdges } from './graphEdges'
import { openExported } from './openExported'
import { inputsOf, outputsOf, type Port, wholeTypes } from './ports'

/** A CLIP text encoder that another program exported as an ONNX graph. */
export interface ExportedText extends Pick<GraphFile, 'parameters'> {
  /** The .onnx file. */
  readonly file: string
  /** The .onnx file, and the files next to it that hold its weights. */
  readonly files: readonly string[]
  /** The input of tokens, integers [N, M]. */
  readonly input: string
  /** Names of the outputs that are used: the tokens, followed by the pooled embedding if requested. */
  readonly outputs: readonly string[]
}

/**
 * Reads the inputs and outputs of a text encoder, by the names that optimum uses.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL for a damaged file, UNSUPPORTED for a graph of another
 *   kind
 */
export async function readExportedText(file: string, answer: ClipAnswer): Promise<ExportedText> {
  const { graph, parameters, weightFiles } = await readGraphFile(file)
  const [inputs, outputs] = [inputsOf(graph), outputsOf(graph)]
  const input = inputs[0]
  if (inputs.length !== 1 || input.sides.length !== 2 || !wholeTypes.includes(input.dataType)) {
    throw refusal(file, `takes ${namesOf(inputs)}, not the tokens of texts alone`)
  }
  const wanted = [tokensOutput(answer, outputs), ...(answer.pooled ? ['text_embeds'] : [])]
  const missing = wanted.find((name) => !outputs.some((port) => port.name === name))
  if (missing !== undefined) throw refusal(file, `answers ${namesOf(outputs)}, and lacks "${missing}"`)
  return { file, files: [file, ...weightFiles], parameters, input: input.name, outputs: wanted }
}

/** Wraps an exported text encoder so that it can be opened. */
export function exportedTextEncoder(
  text: ExportedText,
  { config, tokenizer, answer }: Pick<TextEncoderSource, 'config' | 'tokenizer' | 'answer'>,
  info: ModelInfo,
  openGraph: OpenGraph,
): TextEncoderSource {
  return {
    config,
    tokenizer,
    answer,
    open: () => openExported(text.file, (bytes) => asOneRow(bytes, text), { info, openGraph }),
    inputsOf: (tokens) => ({ [text.input]: { data: tokens, shape: [1, tokens.length] } }),
  }
}

/** Rewrites the graph so that all outputs in use are joined into one row of float32. */
function asOneRow(bytes: Uint8Array, { outputs }: ExportedText): Uint8Array {
  const [joined, row] = [`${added}joined`, `${added}row`]
  const flat = outputs.map((_, i) => `${added}flat ${i}`)
  return withOtherEdges(bytes, (graph) => {
    graph.node.push(
      ...outputs.map((output, i) => nodeOf('Flatten', [output], flat[i], { axis: 1 })),
      nodeOf('Concat', flat, joined, { axis: 1 }),
      nodeOf('Cast', [joined], row, { to: DataType.FLOAT }),
    )
    graph.output = [floatPort(row, null)]
  })
}

const statesName = /^hidden_states\.(\d+)$/

/**
 * Names the output that holds the tokens: the final one, or the hidden state before the last layer. Hidden
 * states are numbered from the embeddings on.
 */
function tokensOutput({ tokens }: ClipAnswer, outputs: readonly Port[]): string {
  if (tokens === 'last') return 'last_hidden_state'
  const layers = outputs.flatMap(({ name }) => statesName.exec(name)?.[1] ?? []).map(Number)
  return `hidden_states.${Math.max(1, ...layers) - 1}`
}

function namesOf(ports: readonly Port[]): string {
  return ports.map(({ name }) => name).join(', ') || 'nothing'
}

function refusal(file: string, what: string): StudioError {
  return new StudioError(
    'UNSUPPORTED',
    `${file} ${what}: export the text encoder of the pipeline with optimum, or put the folder that diffusers saved there.`,
  )
}
