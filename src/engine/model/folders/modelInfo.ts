import { createHash } from 'node:crypto'
import { totalmem } from 'node:os'
import { StudioError } from '#shared/errors'
import type { ModelInfo } from '#shared/reports'
import { alphaBarOf } from '#core/diffusion/noiseLevel'
import { createNoiseSchedule, defaultEndTimestep, type NoiseSchedule } from '#core/diffusion/noiseSchedule'
import { sizeOf } from '#core/diffusion/tensor'
import { formatBytes } from '#core/format/quantities'
import type { UNetParts } from '../graph/builtNetwork'
import { computeTypes } from '../graph/graphWriter'
import { unknownOptions } from '../graph/rawUnetConfig'
import { parseUNetConfig } from '../graph/unetConfig'
import { activationBytesOf, checkUNetTensors } from '../graph/unetGraph'
import { type ExportedGraph, readExportedGraph } from './exported/exportedGraph'
import { readJson, readPieces } from '#files/fileAccess'
import { readModelCard } from './modelCard'
import { findModel, type NetworkParts } from './modelParts'
import { readWeightEntries } from '../weights/weightFiles'

const bytesPerFloat = 4

/** A model that was read but not loaded. */
export interface ModelDescription {
  readonly network: NetworkDescription
  readonly schedule: NoiseSchedule
  readonly info: ModelInfo
}

export type NetworkDescription =
  (UNetParts & { readonly kind: 'diffusers' }) | { readonly kind: 'exported'; readonly graph: ExportedGraph }

/** What every kind of network tells about itself. */
interface NetworkFacts {
  readonly shape: readonly [number, number, number]
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

/**
 * Tells everything about a model that can be told without running it. Weights are hashed, not loaded.
 *
 * @param path  a diffusers folder or an exported .onnx graph
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL or UNSUPPORTED
 */
export async function readModelInfo(path: string): Promise<ModelInfo> {
  return (await describeModel(path)).info
}

/** {@link readModelInfo} with what it was read from. */
export async function describeModel(path: string): Promise<ModelDescription> {
  const { info, files, ...description } = await inspectModel(path)
  return { ...description, info: { ...info, sha256: await hashFiles(files) } }
}

/** A model of which only configurations and headers were read. */
export interface ModelInspection extends Omit<ModelDescription, 'info'> {
  readonly info: Omit<ModelInfo, 'sha256'>
  /** Everything its answers depend on. */
  readonly files: readonly string[]
}

/** {@link describeModel} without its hash, for which all weights would have to be read: in well under a second. */
export async function inspectModel(path: string): Promise<ModelInspection> {
  const model = await findModel(path)
  const { network, facts } = await describeNetwork(model.network)
  const schedule = await readSchedule(model.schedulerConfig)
  const { licence, text } = await readModelCard(model.card)
  const [channels, height, width] = facts.shape
  requireMemory(facts, model.id)
  const [first, ...others] = facts.files
  const info = {
    id: model.id,
    path: model.path,
    hub: model.hub,
    scheduleHash: hashSchedule(schedule),
    picture: { channels: requirePictures(channels, model.id), height, width },
    state: { channels, height, width },
    parameters: facts.parameters,
    classes: facts.classes,
    memoryBytes: facts.memoryBytes,
    predictionType: schedule.predictionType,
    numTrainTimesteps: schedule.numTrainTimesteps,
    betaSchedule: schedule.betaSchedule,
    defaultEndTimestep: defaultEndTimestep(schedule),
    alphasCumprod: schedule.levels.map(alphaBarOf),
    licence,
    card: text,
    warnings: [...facts.warnings],
  }
  return { network, schedule, info, files: [first, model.schedulerConfig, ...others] }
}

async function describeNetwork(
  parts: NetworkParts,
): Promise<{ network: NetworkDescription; facts: NetworkFacts }> {
  if (parts.kind === 'exported') {
    const graph = await readExportedGraph(parts.graph, parts.config)
    const memoryBytes = bytesPerFloat * (graph.parameters + sizeOf(graph.shape))
    return {
      network: { kind: 'exported', graph },
      facts: { ...graph, memoryBytes, classes: null, warnings: [] },
    }
  }
  const { weightFiles } = parts
  const json = await readJson(parts.config)
  const config = parseUNetConfig(json, parts.config)
  const entries = await readWeightEntries(weightFiles)
  const parameters = [...entries.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const shape = [config.channels, config.height, config.width] as const
  return {
    network: { kind: 'diffusers', config, weightFiles },
    facts: {
      shape,
      parameters,
      classes: config.classCount,
      memoryBytes: bytesPerFloat * parameters + activationBytesOf(config, computeTypes.fp32),
      files: [parts.config, ...weightFiles],
      warnings: [
        ...warnOf('option', unknownOptions(json), parts.config),
        ...warnOf('tensor', checkUNetTensors(config, entries), weightFiles.join(', ')),
      ],
    },
  }
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

/** The networks of latent diffusion work on four channels that are no picture: told on opening, not at the first encode. */
function requirePictures(channels: number, id: string): 1 | 3 {
  if (channels === 1 || channels === 3) return channels
  throw new StudioError(
    'UNSUPPORTED',
    `${id} works on ${channels} channels, not on grey or RGB pictures: choose a model of pixels.`,
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

function hashSchedule({ levels, predictionType }: NoiseSchedule): string {
  const alphasCumprod = Float64Array.from(levels, alphaBarOf)
  return createHash('sha256').update(predictionType).update(alphasCumprod).digest('hex')
}
