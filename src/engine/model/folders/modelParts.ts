import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { StudioError } from '#shared/errors'
import type { HubSource } from '#shared/reports'
import { explained } from '#files/fileErrors'
import { readJson } from '#files/fileAccess'
import { locateModel, networkFolders } from './locateModel'
import { findWeightFiles } from '../weights/weightFiles'

/** Where everything of a model is. */
export interface ModelParts {
  /** Name of the folder, or of the graph. */
  readonly id: string
  /** Absolute: what names the same model again. */
  readonly path: string
  readonly hub: HubSource | null
  readonly network: NetworkParts
  /** Of latent diffusion, what makes states of pictures; null for a model of pixels. */
  readonly autoencoder: WeightParts | null
  /** Of a network that is shown texts, in the order in which their tokens are joined; none of any other. */
  readonly textEncoders: readonly TextParts[]
  readonly schedulerConfig: string
  readonly card: string
}

/** A configuration, and the weights that belong to it. */
export interface WeightParts {
  readonly config: string
  /** In an order that is always the same. */
  readonly weightFiles: readonly string[]
}

/** A text encoder, and the folder of its tokenizer. */
export interface TextParts extends WeightParts {
  readonly tokenizer: string
}

/** A network comes as weights of a known architecture, or as a graph that another program exported. */
export type NetworkParts =
  | ({ readonly kind: 'diffusers' } & WeightParts)
  | {
      readonly kind: 'exported'
      readonly graph: string
      /** Of the network it was exported from; null when that is not there. */
      readonly config: string | null
    }

/** Pipelines keep each part in a folder of its own; the oldest published models keep all parts in one. */
const networkConfigs = [...networkFolders.map((name) => `${name}/config.json`), 'config.json']
const autoencoderFolders = ['vae', 'vqvae']
/** Where optimum and others put the two halves of an autoencoder. */
const exportedAutoencoders = ['vae_encoder', 'vae_decoder']
/** Each text encoder, and the tokenizer that belongs to it. */
const textFolders = [
  ['text_encoder', 'tokenizer'],
  ['text_encoder_2', 'tokenizer_2'],
] as const
const schedulerConfigs = ['scheduler/scheduler_config.json', 'scheduler_config.json']

/**
 * Finds the parts of a model. Reads none of them.
 *
 * @param path  anything that {@link locateModel} knows
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL naming the part that is missing
 */
export async function findModel(path: string): Promise<ModelParts> {
  const { id, folder, file, path: whole, hub } = await locateModel(path)
  const graph = file === null ? await findGraph(folder) : extname(file) === '.onnx' ? file : null
  return {
    id,
    path: whole,
    hub,
    network: graph === null ? await findWeights(folder, file) : await partsOfGraph(folder, graph),
    autoencoder: await findAutoencoder(wholeModelOf(folder)),
    textEncoders: await findTextEncoders(wholeModelOf(folder)),
    schedulerConfig: await findScheduler(folder),
    card: join(wholeModelOf(folder), 'README.md'),
  }
}

/**
 * What changes when any part of a model is replaced on disk: equal stamps, equal model.
 *
 * @throws StudioError as {@link findModel}
 */
export async function stampModel(path: string): Promise<string> {
  const { network, autoencoder, textEncoders, schedulerConfig } = await findModel(path)
  // Which files hold an exported graph's weights, only the graph says; who exports anew, writes it anew.
  const files = network.kind === 'exported' ? [network.graph] : network.weightFiles
  const others = [...(autoencoder ? [autoencoder] : []), ...textEncoders]
  const parts = [
    schedulerConfig,
    ...(network.config === null ? [] : [network.config]),
    ...files,
    ...others.flatMap(({ config, weightFiles }) => [config, ...weightFiles]),
  ]
  const stats = await Promise.all(parts.map((part) => explained(part, 'read', () => stat(part))))
  return JSON.stringify(stats.map(({ mtimeMs, size }, i) => [parts[i], mtimeMs, size]))
}

/** @param file  the file of weights that was named; null to look for it */
async function findWeights(folder: string, file: string | null): Promise<NetworkParts> {
  const config = (await findPart(folder, networkConfigs)) ?? refuse(withoutNetwork(folder))
  return { kind: 'diffusers', config, weightFiles: file ? [file] : await findWeightFiles(dirname(config)) }
}

/**
 * The autoencoder that lies beside a network, or that its pipeline says belongs to it.
 *
 * @param folder  of the whole model
 * @throws StudioError BAD_MODEL when the pipeline names one that is not there, UNSUPPORTED for one that was exported: its
 *   network would be taken for one of pixels
 */
async function findAutoencoder(folder: string): Promise<WeightParts | null> {
  const config = await findPart(
    folder,
    autoencoderFolders.map((name) => `${name}/config.json`),
  )
  if (config) return { config, weightFiles: await findWeightFiles(dirname(config)) }
  for (const name of exportedAutoencoders) {
    if (!(await ifThere(join(folder, name), () => stat(join(folder, name))))) continue
    const sentence = `${folder} holds its autoencoder as an exported graph, "${name}", which is not supported: choose the folder that diffusers saved.`
    throw new StudioError('UNSUPPORTED', sentence)
  }
  const index = join(folder, 'model_index.json')
  const pipeline = ((await ifThere(index, () => stat(index))) ? await readJson(index) : {}) as object | null
  const named = autoencoderFolders.find((name) => partOf(pipeline, name) !== null)
  if (named === undefined) return null
  return refuse(`${folder} lacks "${named}", which its model_index.json names: download the whole model.`)
}

async function findTextEncoders(folder: string): Promise<TextParts[]> {
  const found: TextParts[] = []
  for (const [encoder, tokenizer] of textFolders) {
    const config = await findPart(folder, [`${encoder}/config.json`])
    if (config === null) continue
    found.push({
      config,
      weightFiles: await findWeightFiles(dirname(config)),
      tokenizer: join(folder, tokenizer),
    })
  }
  return found
}

/** What a pipeline says of one of its parts, [library, class]; null where it has none. */
function partOf(pipeline: object | null, name: string): string | null {
  const entry = (pipeline as Record<string, unknown> | null)?.[name]
  return Array.isArray(entry) && typeof entry[1] === 'string' ? entry[1] : null
}

async function partsOfGraph(folder: string, graph: string): Promise<NetworkParts> {
  return { kind: 'exported', graph, config: await findPart(wholeModelOf(folder), networkConfigs) }
}

/** The schedule lies beside the network; of a network's subfolder or a checkpoint of training, one folder up. */
async function findScheduler(folder: string): Promise<string> {
  const found =
    (await findPart(folder, schedulerConfigs)) ?? (await findPart(dirname(folder), schedulerConfigs))
  return found ?? refuse(withoutSchedule(folder))
}

/** The folder of the model that a folder belongs to: the one above a network's subfolder. */
function wholeModelOf(folder: string): string {
  return networkFolders.includes(basename(folder)) ? dirname(folder) : folder
}

/**
 * The graph that a folder has in place of weights; null where there are weights, or neither.
 *
 * @throws StudioError BAD_MODEL for several
 */
async function findGraph(folder: string): Promise<string | null> {
  for (const place of [...networkFolders.map((name) => join(folder, name)), folder]) {
    const names = await namesIn(place)
    const graphs = names.filter((name) => extname(name) === '.onnx')
    // Other .safetensors may lie there too, such as a latent that was saved beside the graph.
    if (names.some((name) => name.startsWith('diffusion_pytorch_model'))) return null
    if (graphs.length === 0) continue
    if (graphs.length === 1) return join(place, graphs[0])
    refuse(`${place} holds ${graphs.length} .onnx graphs: choose one of ${graphs.join(', ')} by its path.`)
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
