import { StudioError } from '#shared/errors'
import { readJson } from '#files/fileAccess'
import { addedSizes } from '../graph/conditionUnetConfig'
import { checkTensors } from '../graph/networkGraph'
import { type ClipAnswer, type ClipConfig, parseClipConfig, writeClip } from '../graph/text/clip'
import { emptyText } from '../graph/text/emptyText'
import type { TextIntake } from '../graph/unet'
import { holdsClipTokenizer } from '../text/clipTokenizer'
import { readWeightEntries } from '../weights/weightFiles'
import { type ExportedText, readExportedText } from './exported/exportedTextEncoder'
import { bytesPerFloat, countParameters, type SpaceFacts, warnOf } from './facts'
import type { ModelParts, TextParts } from './parts'

/** The text encoders of a model, and what its network takes from them. */
export interface TextDescription {
  readonly encoders: readonly TextEncoderDescription[]
  readonly intake: TextIntake
}

/** A text encoder: built from weights, or a graph used as it is. */
export type TextEncoderDescription = {
  readonly config: ClipConfig
  /** The folder of its tokenizer. */
  readonly tokenizer: string
  readonly answer: ClipAnswer
} & (
  | { readonly kind: 'diffusers'; readonly weightFiles: readonly string[] }
  | { readonly kind: 'exported'; readonly graph: ExportedText }
)

/** The facts that a text encoder adds to those of a model. */
interface EncoderFacts extends Pick<SpaceFacts, 'parameters' | 'files' | 'warnings'> {
  readonly description: TextEncoderDescription
}

/**
 * Adds the text encoders, if the network takes text, to the facts of a model.
 *
 * @param intake  what the network takes from a text; null for a network without text
 * @throws StudioError BAD_MODEL or UNSUPPORTED
 */
export async function describeTexts(
  { id, textEncoders }: ModelParts,
  intake: TextIntake | null,
  facts: SpaceFacts,
): Promise<{ texts: TextDescription | null; facts: SpaceFacts }> {
  if (intake === null) return { texts: null, facts }
  const found: EncoderFacts[] = []
  for (const [i, parts] of textEncoders.entries()) {
    found.push(await describeEncoder(parts, answerOf(intake, i === textEncoders.length - 1)))
  }
  const encoders = found.map(({ description }) => description)
  requireTexts(id, encoders, intake)
  const parameters = found.reduce((sum, one) => sum + one.parameters, 0)
  const all = {
    ...facts,
    files: [...facts.files, ...found.flatMap((one) => one.files)],
    warnings: [...facts.warnings, ...found.flatMap((one) => one.warnings)],
    parameters: facts.parameters + parameters,
    // A text encoder is open only while no other network is.
    memoryBytes: Math.max(facts.memoryBytes, bytesPerFloat * parameters),
  }
  return { texts: { encoders, intake }, facts: all }
}

async function describeEncoder(parts: TextParts, answer: ClipAnswer): Promise<EncoderFacts> {
  const { config: path, tokenizer, tokenizerFiles } = parts
  const common = { config: parseClipConfig(await readJson(path, 'BAD_MODEL'), path), tokenizer, answer }
  const files = [path, ...tokenizerFiles]
  const warnings = await warnOfTokenizer(common)
  if (parts.kind === 'exported') {
    const graph = await readExportedText(parts.graph, answer)
    const description = { ...common, kind: parts.kind, graph }
    return { description, parameters: graph.parameters, files: [...files, ...graph.files], warnings }
  }
  const { weightFiles } = parts
  const entries = await readWeightEntries(weightFiles)
  const left = checkTensors([writeClip(common.config, answer)], entries)
  // Early files also store the indices of positions.
  const unknown = left.filter((name) => !name.endsWith('position_ids'))
  return {
    description: { ...common, kind: parts.kind, weightFiles },
    parameters: countParameters(entries),
    files: [...files, ...weightFiles],
    warnings: [...warnings, ...warnOf('tensor', unknown, weightFiles.join(', '))],
  }
}

/**
 * Warns of a missing tokenizer, without which only the empty text can have known tokens.
 *
 * @throws StudioError UNSUPPORTED for a tokenizer of another kind, BAD_MODEL for one without its vocabulary
 */
async function warnOfTokenizer({
  config,
  tokenizer,
  answer,
}: Pick<TextEncoderDescription, 'config' | 'tokenizer' | 'answer'>): Promise<string[]> {
  if (await holdsClipTokenizer(tokenizer)) return []
  const choice = emptyText(config, answer) ? ', or leave all prompts empty' : ''
  return [`${tokenizer} holds no tokenizer: put that folder of the model there${choice}.`]
}

/** Selects the output: SDXL uses the states before the last layer and the last encoder's pooled embedding. */
function answerOf({ isPooled }: TextIntake, isLast: boolean): ClipAnswer {
  return isPooled ? { tokens: 'lastButOne', pooled: isLast } : { tokens: 'last', pooled: false }
}

/**
 * @throws StudioError BAD_MODEL if text encoders are missing or their outputs do not fit the network; UNSUPPORTED
 *   for a refiner
 */
function requireTexts(id: string, encoders: readonly TextEncoderDescription[], intake: TextIntake): void {
  const expectMade = (shown: string, wanted: number | null, made: number) => {
    if (made === wanted || (wanted === null && made > 0)) return
    throw new StudioError(
      'BAD_MODEL',
      `The network of ${id} is shown ${shown}, and its text encoders make ${made}: put all folders of the model there, text_encoder and tokenizer too.`,
    )
  }
  const { channels, added } = intake
  const found = encoders.reduce((sum, { config }) => sum + config.hidden_size, 0)
  expectMade(channels === null ? 'texts' : `texts of ${channels} channels a token`, channels, found)
  const tokens = intake.tokens ?? encoders[0].config.max_position_embeddings
  for (const { config } of encoders) {
    expectMade(`texts of ${tokens} tokens`, tokens, config.max_position_embeddings)
  }
  if (added === null) return
  const { projection_dim: pooled } = encoders.at(-1)!.config
  const lengthWith = (sizes: number) => pooled + sizes * added.sinusoidChannels
  if (added.length !== lengthWith(addedSizes) && added.length === lengthWith(addedSizes - 1)) {
    throw new StudioError(
      'UNSUPPORTED',
      `${id} is a refiner of SDXL, which is shown an aesthetic score in the place of a size, and that is not supported: choose the model that it refines.`,
    )
  }
  expectMade(`${added.length} values besides the tokens`, added.length, lengthWith(addedSizes))
}
