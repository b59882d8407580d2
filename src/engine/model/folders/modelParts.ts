import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { StudioError } from '#shared/errors'
import { explained } from '#files/fileErrors'
import { findWeightFiles } from '../weights/weightFiles'

/** Where everything of a model is. */
export interface ModelParts {
  /** Name of the folder, or of the graph. */
  readonly id: string
  /** Absolute. */
  readonly path: string
  readonly network: NetworkParts
  readonly schedulerConfig: string
  readonly card: string
}

/** A network comes as weights of a known architecture, or as a graph that another program exported. */
export type NetworkParts =
  | {
      readonly kind: 'diffusers'
      readonly config: string
      /** In an order that is always the same. */
      readonly weightFiles: readonly string[]
    }
  | {
      readonly kind: 'exported'
      readonly graph: string
      /** Of the network it was exported from; null when that is not there. */
      readonly config: string | null
    }

/** Pipelines keep each part in a folder of its own; the oldest published models keep all parts in one. */
const networkFolder = 'unet'
const networkConfigs = [`${networkFolder}/config.json`, 'config.json']
const schedulerConfigs = ['scheduler/scheduler_config.json', 'scheduler_config.json']

/**
 * Finds the parts of a model. Reads none of them.
 *
 * @param path  a diffusers folder, whose network may be an .onnx file instead of weights; or such a file, whose
 *   scheduler_config.json and README.md lie as in that folder
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL naming the part that is missing
 */
export async function findModel(path: string): Promise<ModelParts> {
  const whole = resolve(path)
  const stats = await explained(whole, 'read', () => stat(whole))
  const isGraph = !stats.isDirectory() && extname(whole) === '.onnx'
  if (!stats.isDirectory() && !isGraph) {
    refuse(`${whole} is a file: choose the folder of a diffusers model, or an .onnx graph.`)
  }
  const folder = isGraph ? folderOf(whole) : whole
  const graph = isGraph ? whole : await findGraph(folder)
  const network = graph === null ? await findWeights(folder) : await partsOfGraph(folder, graph)
  return {
    id: isGraph ? basename(whole, '.onnx') : basename(folder),
    path: whole,
    network,
    schedulerConfig: (await findPart(folder, schedulerConfigs)) ?? refuse(withoutSchedule(folder)),
    card: join(folder, 'README.md'),
  }
}

/**
 * What changes when any part of a model is replaced on disk: equal stamps, equal model.
 *
 * @throws StudioError as {@link findModel}
 */
export async function stampModel(path: string): Promise<string> {
  const { network, schedulerConfig } = await findModel(path)
  // Which files hold an exported graph's weights, only the graph says; who exports anew, writes it anew.
  const files = network.kind === 'exported' ? [network.graph] : network.weightFiles
  const parts = [schedulerConfig, ...(network.config === null ? [] : [network.config]), ...files]
  const stats = await Promise.all(parts.map((part) => explained(part, 'read', () => stat(part))))
  return JSON.stringify(stats.map(({ mtimeMs, size }, i) => [parts[i], mtimeMs, size]))
}

async function findWeights(folder: string): Promise<NetworkParts> {
  const config = (await findPart(folder, networkConfigs)) ?? refuse(withoutNetwork(folder))
  return { kind: 'diffusers', config, weightFiles: await findWeightFiles(dirname(config)) }
}

async function partsOfGraph(folder: string, graph: string): Promise<NetworkParts> {
  return { kind: 'exported', graph, config: await findPart(folder, networkConfigs) }
}

/** The folder of the model that a graph is the network of. */
function folderOf(graph: string): string {
  const folder = dirname(graph)
  return basename(folder) === networkFolder ? dirname(folder) : folder
}

/**
 * The graph that a folder has in place of weights; null where there are weights, or neither.
 *
 * @throws StudioError BAD_MODEL for several
 */
async function findGraph(folder: string): Promise<string | null> {
  for (const place of [join(folder, networkFolder), folder]) {
    const names = await namesIn(place)
    const graphs = names.filter((name) => extname(name) === '.onnx')
    if (names.some((name) => extname(name) === '.safetensors')) return null
    if (graphs.length === 0) continue
    if (graphs.length === 1) return join(place, graphs[0])
    refuse(`${place} holds ${graphs.length} .onnx graphs: keep one of them there.`)
  }
  return null
}

/** Names in a folder, sorted; none when it is not there. */
async function namesIn(folder: string): Promise<string[]> {
  const names = await ifThere(folder, () => readdir(folder))
  return (names ?? []).sort()
}

async function findPart(folder: string, candidates: readonly string[]): Promise<string | null> {
  for (const candidate of candidates) {
    const path = join(folder, candidate)
    if ((await ifThere(path, () => stat(path)))?.isFile()) return path
  }
  return null
}

function refuse(sentence: string): never {
  throw new StudioError('BAD_MODEL', sentence)
}

function withoutNetwork(folder: string): string {
  return `${folder} holds no model: choose a diffusers folder, with unet/config.json, or one with an .onnx graph.`
}

function withoutSchedule(folder: string): string {
  return `${folder} does not say what its network's timesteps mean: put the scheduler_config.json of its scheduler there.`
}

/** What an operation finds at a path; null when nothing is there. */
async function ifThere<T>(path: string, operation: () => Promise<T>): Promise<T | null> {
  try {
    return await operation()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    return explained(path, 'read', () => Promise.reject(error as Error))
  }
}
