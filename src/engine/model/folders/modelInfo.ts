import { createHash } from 'node:crypto'
import { totalmem } from 'node:os'
import { StudioError } from '#shared/errors'
import type { ModelHeaders, ModelInfo, NetworkInput } from '#shared/reports'
import type { ModelReading } from '#shared/settings'
import { alphaBarOf } from '#core/diffusion/noiseLevel'
import { createNoiseSchedule, defaultEndTimestep, type NoiseSchedule } from '#core/diffusion/noiseSchedule'
import { sizeOf } from '#core/diffusion/tensor'
import { formatBytes } from '#core/format/quantities'
import { codings, writeCoding } from '../graph/autoencoder/autoencoderGraph'
import { readAutoencoder } from '../graph/autoencoder/autoencoders'
import type { AutoencoderParts } from '../graph/autoencoder/builtAutoencoder'
import type { UNetParts } from '../graph/builtNetwork'
import { computeTypes } from '../graph/graphWriter'
import { activationBytes, checkTensors } from '../graph/networkGraph'
import { parseClipConfig, type TextEncoderParts, writeClip } from '../graph/text/clip'
import type { SinusoidOptions } from '../graph/timeEmbedding'
import { textTokens } from '../graph/conditionUnetGraph'
import { readUNet, type TextIntake, type UNet } from '../graph/unet'
import { type ExportedGraph, readExportedGraph } from './exported/exportedGraph'
import { readJson, readPieces } from '#files/fileAccess'
import { readModelCard } from './modelCard'
import { findModel, type ModelParts, type NetworkParts } from './modelParts'
import { byFrequency, dtypeNames } from '../weights/dtypes'
import { readWeightEntries } from '../weights/weightFiles'

const bytesPerFloat = 4

/** A model that was read but not loaded. */
export interface ModelDescription {
  readonly network: NetworkDescription
  /** Of latent diffusion; null for a model of pixels. */
  readonly autoencoder: AutoencoderParts | null
  /** Of a network that is shown texts; null for any other. */
  readonly texts: TextDescription | null
  readonly schedule: NoiseSchedule
  readonly info: ModelInfo
}

/** What texts are encoded with, and what the network takes of them. */
export interface TextDescription {
  readonly encoders: readonly TextEncoderParts[]
  readonly intake: TextIntake
  readonly sinusoids: SinusoidOptions
}

export type NetworkDescription =
  (UNetParts & { readonly kind: 'diffusers' }) | { readonly kind: 'exported'; readonly graph: ExportedGraph }

/** What every kind of network tells about itself. */
interface NetworkFacts {
  readonly shape: readonly [number, number, number]
  readonly inputs: readonly NetworkInput[]
  /** The only batch size it takes; null for any. */
  readonly batch: number | null
  /** The most frequent first. */
  readonly weightTypes: readonly string[]
  readonly parameters: number
  /** Null for an unconditional network. */
  readonly classes: number | null
  /** The least memory that one picture takes, in bytes: weights, and the activations where they can be told. */
  readonly memoryBytes: number
  /** Everything its answers depend on. */
  readonly files: readonly string[]
  /** What people should know before they trust it, a sentence each. */
  readonly warnings: readonly string[]
}

/** Which model, and what it is read as where its configuration is wrong. */
export type ModelQuery = ModelReading & { readonly path: string }

/**
 * Tells everything about a model that can be told without running it. Weights are hashed, not loaded.
 *
 * @param path  a diffusers folder or an exported .onnx graph
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL or UNSUPPORTED
 */
export async function readModelInfo(path: string): Promise<ModelInfo> {
  return (await describeModel({ path })).info
}

/** {@link readModelInfo} with what it was read from. */
export async function describeModel(query: ModelQuery): Promise<ModelDescription> {
  const { info, files, ...description } = await inspectModel(query)
  return { ...description, info: { ...info, sha256: await hashFiles(files) } }
}

/** A model of which only configurations and headers were read. */
export interface ModelInspection extends Omit<ModelDescription, 'info'> {
  readonly info: ModelHeaders
  /** Everything its answers depend on. */
  readonly files: readonly string[]
}

/** {@link describeModel} without its hash, for which all weights would have to be read: in well under a second. */
export async function inspectModel({
  path,
  prediction,
  timestepScale = 1,
}: ModelQuery): Promise<ModelInspection> {
  const model = await findModel(path)
  const { network, facts: ofNetwork } = await describeNetwork(model.network)
  const { autoencoder, facts: ofSpace } = await describeSpace(model, ofNetwork)
  const { texts, facts } = await describeTexts(model, network, ofSpace)
  const configured = await readSchedule(model.schedulerConfig)
  const read = { ...configured, predictionType: prediction ?? configured.predictionType }
  // Codes are no pictures: they end nowhere, unless the configuration says where.
  const schedule = autoencoder === null ? read : { ...read, clipRange: read.clipRange ?? Infinity }
  const { licence, text } = await readModelCard(model.card)
  const [channels, height, width] = ofNetwork.shape
  requireMemory(facts, model.id)
  const [first, ...others] = facts.files
  const info: ModelHeaders = {
    id: model.id,
    path: model.path,
    hub: model.hub,
    scheduleHash: hashSchedule(schedule, timestepScale),
    picture: facts.picture,
    state: { channels, height, width },
    inputs: [...facts.inputs],
    batch: facts.batch,
    weightTypes: [...facts.weightTypes],
    parameters: facts.parameters,
    autoencoder: facts.autoencoder,
    classes: facts.classes,
    takesPrompts: texts !== null,
    memoryBytes: facts.memoryBytes,
    predictionType: schedule.predictionType,
    timestepScale,
    numTrainTimesteps: schedule.numTrainTimesteps,
    betaSchedule: schedule.betaSchedule,
    defaultEndTimestep: defaultEndTimestep(schedule),
    alphasCumprod: schedule.levels.map(alphaBarOf),
    licence,
    card: text,
    warnings: [...facts.warnings],
  }
  return { network, autoencoder, texts, schedule, info, files: [first, model.schedulerConfig, ...others] }
}

/** What the states of a model are made of. */
interface SpaceFacts extends NetworkFacts {
  readonly picture: ModelInfo['picture']
  readonly autoencoder: ModelInfo['autoencoder']
}

/** Adds an autoencoder, if there is one, to what a network tells about itself. */
async function describeSpace(
  { id, autoencoder: parts }: ModelParts,
  network: NetworkFacts,
): Promise<{ autoencoder: AutoencoderParts | null; facts: SpaceFacts }> {
  const [channels, height, width] = network.shape
  if (parts === null) {
    const picture = { channels: requirePictures(channels, id), height, width }
    return { autoencoder: null, facts: { ...network, picture, autoencoder: null } }
  }
  const { config, weightFiles } = parts
  const { autoencoder, unknown } = readAutoencoder(await readJson(config), config)
  if (autoencoder.stateChannels !== channels) throw strangers(id, channels, autoencoder.stateChannels)
  const { className, factor, pictureChannels, scalingFactor } = autoencoder
  const plan = { autoencoder, stateSize: { height, width } }
  const entries = await readWeightEntries(weightFiles)
  const parameters = countParameters(entries)
  const networks = codings.map((coding) => writeCoding(coding, plan, 1))
  const bytes = Math.max(...networks.map((write) => activationBytes(write, computeTypes.fp32)))
  const facts: SpaceFacts = {
    ...network,
    picture: { channels: pictureChannels, height: height * factor, width: width * factor },
    autoencoder: { className, config, parameters, scalingFactor },
    parameters: network.parameters + parameters,
    // One network runs at a time, but all of them stay open.
    memoryBytes: network.memoryBytes + bytesPerFloat * parameters + bytes,
    files: [...network.files, config, ...weightFiles],
    warnings: [
      ...network.warnings,
      ...warnOf('option', unknown, config),
      ...warnOf('tensor', checkTensors(networks, entries), weightFiles.join(', ')),
    ],
  }
  return { autoencoder: { ...plan, weightFiles }, facts }
}

/** Adds text encoders, if the network is shown texts, to what a model tells about itself. */
async function describeTexts(
  { id, textEncoders }: ModelParts,
  network: NetworkDescription,
  facts: SpaceFacts,
): Promise<{ texts: TextDescription | null; facts: SpaceFacts }> {
  if (network.kind === 'exported' || network.unet.text === null) return { texts: null, facts }
  const { text: intake, sinusoids } = network.unet
  const encoders: TextEncoderParts[] = []
  const [files, warnings] = [[...facts.files], [...facts.warnings]]
  let parameters = 0
  for (const { config: path, weightFiles, tokenizer } of textEncoders) {
    const config = parseClipConfig(await readJson(path), path)
    const entries = await readWeightEntries(weightFiles)
    const write = writeClip(config, { tokens: 'last', pooled: isLastOf(encoders, textEncoders, intake) })
    // Early files keep the numbers of their positions.
    const unknown = checkTensors([write], entries).filter((name) => !name.endsWith('position_ids'))
    warnings.push(...warnOf('tensor', unknown, weightFiles.join(', ')))
    files.push(path, ...weightFiles)
    parameters += countParameters(entries)
    encoders.push({ config, weightFiles, tokenizer })
  }
  requireTexts(id, encoders, intake)
  // A text encoder is open only while no other network is.
  const memoryBytes = Math.max(facts.memoryBytes, bytesPerFloat * parameters)
  const all = { ...facts, files, warnings, memoryBytes, parameters: facts.parameters + parameters }
  return { texts: { encoders, intake, sinusoids }, facts: all }
}

/** Whether the next text encoder is the one whose embedding of the whole text is shown, too. */
function isLastOf(known: readonly unknown[], all: readonly unknown[], { added }: TextIntake): boolean {
  return added !== null && known.length === all.length - 1
}

/** @throws StudioError BAD_MODEL for text encoders that are missing or of another width than the network expects */
function requireTexts(id: string, encoders: readonly TextEncoderParts[], { channels }: TextIntake): void {
  const found = encoders.reduce((sum, { config }) => sum + config.hidden_size, 0)
  if (found === channels) return
  throw new StudioError(
    'BAD_MODEL',
    `The network of ${id} is shown texts of ${channels} channels a token, and its text encoders make ${found}: put all folders of the model there, text_encoder and tokenizer too.`,
  )
}

function strangers(id: string, network: number, autoencoder: number): StudioError {
  return new StudioError(
    'BAD_MODEL',
    `The network of ${id} works on states of ${network} channels, and its autoencoder makes states of ${autoencoder}: they do not belong together.`,
  )
}

async function describeNetwork(
  parts: NetworkParts,
): Promise<{ network: NetworkDescription; facts: NetworkFacts }> {
  if (parts.kind === 'exported') {
    const graph = await readExportedGraph(parts.graph, parts.config)
    const memoryBytes = bytesPerFloat * (graph.parameters + sizeOf(graph.shape))
    return { network: { kind: 'exported', graph }, facts: { ...graph, memoryBytes, warnings: [] } }
  }
  const { weightFiles } = parts
  const json = await readJson(parts.config)
  const unet = readUNet(json, parts.config)
  const entries = await readWeightEntries(weightFiles)
  const parameters = countParameters(entries)
  const shape = [unet.channels, unet.height, unet.width] as const
  return {
    network: { kind: 'diffusers', unet, weightFiles },
    facts: {
      shape,
      inputs: inputsOf(unet),
      batch: null,
      weightTypes: byFrequency([...entries.values()].map(({ dtype }) => dtypeNames[dtype])),
      parameters,
      classes: unet.classCount,
      memoryBytes: bytesPerFloat * parameters + activationBytes(unet.write(1), computeTypes.fp32),
      files: [parts.config, ...weightFiles],
      warnings: [
        ...warnOf('option', unet.unknownOptions, parts.config),
        ...warnOf('tensor', checkTensors([unet.write(1)], entries), weightFiles.join(', ')),
      ],
    },
  }
}

function countParameters(entries: ReadonlyMap<string, { readonly shape: readonly number[] }>): number {
  return [...entries.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}

/** What diffusers calls them; the graph that is built here has others. */
function inputsOf({ channels, height, width, classCount, text }: UNet): NetworkInput[] {
  const state: NetworkInput = {
    role: 'state',
    name: 'sample',
    type: 'float32',
    shape: ['N', channels, height, width],
  }
  const timestep: NetworkInput = { role: 'timestep', name: 'timestep', type: 'float32', shape: [] }
  const label: NetworkInput = { role: 'class', name: 'class_labels', type: 'int64', shape: ['N'] }
  const tokens: NetworkInput = {
    role: 'text',
    name: 'encoder_hidden_states',
    type: 'float32',
    shape: ['N', textTokens, text?.channels ?? 0],
  }
  return [state, timestep, ...(classCount === null ? [] : [label]), ...(text === null ? [] : [tokens])]
}

/** A sentence about what a file holds beyond the network, which was left out. */
function warnOf(what: 'option' | 'tensor', names: readonly string[], file: string): string[] {
  if (names.length === 0) return []
  const others = names.length > 1 ? ` and ${names.length - 1} more` : ''
  return [
    `${file} holds the ${what} "${names[0]}"${others}, which networks of this kind do not have: it was ignored.`,
  ]
}

/** Told before anything is computed: a network that is too large would take the machine's memory and then fail. */
function requireMemory({ memoryBytes, shape: [, height, width] }: NetworkFacts, id: string): void {
  if (memoryBytes <= totalmem()) return
  const [needed, held] = [memoryBytes, totalmem()].map(formatBytes)
  throw new StudioError(
    'UNSUPPORTED',
    `${id} needs at least ${needed} of memory for one state of ${width} × ${height}, and this machine has ${held}: choose a smaller model.`,
  )
}

/** The networks of latent diffusion work on channels that are no picture: told on opening, not at the first encode. */
function requirePictures(channels: number, id: string): 1 | 3 {
  if (channels === 1 || channels === 3) return channels
  throw new StudioError(
    'UNSUPPORTED',
    `${id} works on ${channels} channels, not on grey or RGB pictures, and its autoencoder is not there: choose a folder that has both, unet and vae.`,
  )
}

async function readSchedule(path: string): Promise<NoiseSchedule> {
  const json = await readJson(path)
  try {
    return createNoiseSchedule(json)
  } catch (error) {
    const code = error instanceof RangeError ? 'UNSUPPORTED' : 'BAD_MODEL'
    throw new StudioError(code, `${path}: ${(error as Error).message}`)
  }
}

/** SHA-256 of the files' contents, one after the other, hex. */
async function hashFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) {
    await readPieces(path, (piece) => hash.update(piece))
  }
  return hash.digest('hex')
}

/** Whoever shows the network other timesteps gets other latents; the usual scale of 1 leaves the hash as it always was. */
function hashSchedule({ levels, predictionType }: NoiseSchedule, timestepScale: number): string {
  const hash = createHash('sha256').update(predictionType).update(Float64Array.from(levels, alphaBarOf))
  if (timestepScale !== 1) hash.update(String(timestepScale))
  return hash.digest('hex')
}
