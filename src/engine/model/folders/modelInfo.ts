import { createHash } from 'node:crypto'
import { totalmem } from 'node:os'
import { StudioError } from '#shared/errors'
import { DomainError } from '#core/DomainError'
import type { ModelHeaders, ModelInfo, NetworkInput } from '#shared/reports'
import type { ModelReading } from '#shared/modelSource'
import { alphaBarOf } from '#core/diffusion/noiseLevel'
import {
  cleanTimestep,
  createNoiseSchedule,
  defaultEndTimestep,
  type NoiseSchedule,
} from '#core/diffusion/noiseSchedule'
import { MalformedScheduler } from '#core/diffusion/schedulerConfig'
import { sizeOf } from '#core/diffusion/tensor'
import { formatBytes } from '#core/format/quantities'
import type { UNetParts } from '../graph/builtNetwork'
import { computeTypes } from '../graph/graphWriter'
import { activationBytes, checkTensors } from '../graph/networkGraph'
import { textTokens } from '../graph/conditionUnetGraph'
import { readUNet, type TextIntake, type UNet } from '../graph/unet'
import { readJson, readPieces } from '#files/fileAccess'
import { byFrequency, dtypeNames } from '../weights/dtypes'
import { refuseOtherNetwork } from '../weights/otherNetworks'
import { readWeightEntries } from '../weights/weightFiles'
import { type AutoencoderDescription, describeSpace } from './describeSpace'
import { describeTexts, type TextDescription } from './describeTexts'
import { type ExportedGraph, readExportedGraph } from './exported/exportedGraph'
import { textIntakeOf } from './exported/textInputs'
import { bytesPerFloat, countParameters, type NetworkFacts, warnOf } from './facts'
import { readModelCard } from './modelCard'
import { findModel } from './modelParts'
import type { ModelParts } from './parts'
import { readNetworkConfig, scheduleOfCodes } from './stableDiffusion'

/** A model that was read but not loaded. */
export interface ModelDescription {
  readonly network: NetworkDescription
  /** Null for a pixel-space model. */
  readonly autoencoder: AutoencoderDescription | null
  /** Null for a network without text. */
  readonly texts: TextDescription | null
  readonly schedule: NoiseSchedule
  readonly info: ModelInfo
}

export type NetworkDescription =
  (UNetParts & { readonly kind: 'diffusers' }) | { readonly kind: 'exported'; readonly graph: ExportedGraph }

/** The model to read, and overrides for values that its configuration has wrong. */
export type ModelQuery = ModelReading & { readonly path: string }

/**
 * Reads everything about a model that is known without running it. Weights are hashed, not loaded.
 *
 * @param path  a diffusers folder or an exported .onnx graph
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL or UNSUPPORTED
 */
export async function readModelInfo(path: string): Promise<ModelInfo> {
  return (await describeModel({ path })).info
}

/** Reads a model as {@link readModelInfo} does, and also returns what it was read from. */
export async function describeModel(query: ModelQuery): Promise<ModelDescription> {
  const { info, files, ...description } = await inspectModel(query)
  return { ...description, info: { ...info, sha256: await hashFiles(files) } }
}

/** A model of which only configurations and headers were read. */
export interface ModelInspection extends Omit<ModelDescription, 'info'> {
  readonly info: ModelHeaders
  /** Every file that its results depend on. */
  readonly files: readonly string[]
}

/** Describes a model without hashing, which would read all weights: takes well under a second. */
export async function inspectModel({ path, ...reading }: ModelQuery): Promise<ModelInspection> {
  const { prediction, timestepScale = 1 } = reading
  const model = await findModel(path)
  const { network, facts: ofNetwork } = await describeNetwork(model)
  const { autoencoder, facts: ofSpace } = await describeSpace(model, ofNetwork)
  const intake = intakeOf(network)
  const { texts, facts } = await describeTexts(model, intake, ofSpace)
  const configured = await readSchedule(model.schedulerConfig)
  const read = { ...configured, predictionType: prediction ?? configured.predictionType }
  const schedule = autoencoder === null ? read : scheduleOfCodes(read, intake)
  const { licence, text } = await readModelCard(model.card)
  const [channels, height, width] = ofNetwork.shape
  requireMemory(facts, model.id)
  const [first, ...others] = facts.files
  const info: ModelHeaders = {
    id: model.id,
    path: model.path,
    hub: model.hub,
    ...((prediction ?? reading.timestepScale) !== undefined && {
      reading: { prediction, timestepScale: reading.timestepScale },
    }),
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
    canClip: schedule.clipRange !== Infinity,
    predictionType: schedule.predictionType,
    timestepScale,
    numTrainTimesteps: schedule.numTrainTimesteps,
    scheduleName: schedule.scheduleName,
    defaultEndTimestep: defaultEndTimestep(schedule),
    cleanTimestep: cleanTimestep(schedule),
    alphasCumprod: schedule.levels.map(alphaBarOf),
    licence,
    card: text,
    warnings: [...facts.warnings, ...warnOfThresholding(schedule, model.schedulerConfig)],
  }
  return { network, autoencoder, texts, schedule, info, files: [first, model.schedulerConfig, ...others] }
}

function warnOfThresholding({ thresholds = false }: NoiseSchedule, path: string): string[] {
  if (!thresholds) return []
  return [
    `${path} asks for dynamic thresholding ("thresholding": true), which is not applied here: pictures can differ from those of diffusers, where it keeps what the network predicts from becoming too bright or too dark.`,
  ]
}

function intakeOf(network: NetworkDescription): TextIntake | null {
  if (network.kind === 'diffusers') return network.unet.text
  const { text } = network.graph
  return text && textIntakeOf(text)
}

async function describeNetwork({
  network: parts,
  autoencoder,
}: ModelParts): Promise<{ network: NetworkDescription; facts: NetworkFacts }> {
  const isLatent = autoencoder !== null
  if (parts.kind === 'exported') {
    const graph = await readExportedGraph(parts.graph, parts.config, isLatent)
    const memoryBytes = bytesPerFloat * (graph.parameters + sizeOf(graph.shape))
    return { network: { kind: 'exported', graph }, facts: { ...graph, memoryBytes } }
  }
  const { weightFiles } = parts
  const { json, warnings } = await readNetworkConfig(parts.config, isLatent)
  const entries = await readWeightEntries(weightFiles)
  refuseOtherNetwork(entries)
  const unet = readUNet(json, parts.config)
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
        ...warnings,
        ...warnOf('option', unet.unknownOptions, parts.config),
        ...warnOf('tensor', checkTensors([unet.write(1)], entries), weightFiles.join(', ')),
      ],
    },
  }
}

/** Lists the inputs by diffusers' names; the graph that is built here uses others. */
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

/** Refuses a network that is too large before it exhausts the machine's memory and fails. */
function requireMemory({ memoryBytes, shape: [, height, width] }: NetworkFacts, id: string): void {
  if (memoryBytes <= totalmem()) return
  const [needed, held] = [memoryBytes, totalmem()].map(formatBytes)
  throw new StudioError(
    'UNSUPPORTED',
    `${id} needs at least ${needed} of memory for one state of ${width} × ${height}, and this machine has ${held}: choose a smaller model.`,
  )
}

async function readSchedule(path: string): Promise<NoiseSchedule> {
  const json = await readJson(path, 'BAD_MODEL')
  try {
    return createNoiseSchedule(json)
  } catch (error) {
    if (error instanceof DomainError) throw new StudioError('UNSUPPORTED', `${path}: ${error.message}`)
    if (error instanceof MalformedScheduler) throw new StudioError('BAD_MODEL', `${path}: ${error.message}`)
    throw error
  }
}

/** Returns the SHA-256 of the concatenated contents of the files, in hex. */
export async function hashFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) {
    await readPieces(path, (piece) => hash.update(piece))
  }
  return hash.digest('hex')
}

/**
 * Hashes everything besides the weights that determines the latents: levels, prediction type and timestep scale. The
 * usual scale of 1 is left out, so that older hashes stay valid.
 */
function hashSchedule({ levels, predictionType }: NoiseSchedule, timestepScale: number): string {
  const hash = createHash('sha256').update(predictionType).update(Float64Array.from(levels, alphaBarOf))
  if (timestepScale !== 1) hash.update(String(timestepScale))
  return hash.digest('hex')
}
