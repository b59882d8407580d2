import { stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { StudioError } from '#shared/errors'
import { explained } from '#files/fileErrors'
import { findAutoencoder, findTextEncoders } from './besideNetwork'
import { locateModel, networkFolders } from './locateModel'
import { findPart, graphsIn, namesIn } from './onDisk'
import type { AutoencoderParts, ModelParts, NetworkParts, TextParts } from './parts'
import { findWeightFiles } from '../weights/weightFiles'

/** Pipelines keep each part in a folder of its own; the oldest published models keep all parts in one. */
const networkConfigs = [...networkFolders.map((name) => `${name}/config.json`), 'config.json']
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
  const beside = [...(autoencoder ? [autoencoder] : []), ...textEncoders]
  const parts = [schedulerConfig, ...[network, ...beside].flatMap(filesOf)]
  const stats = await Promise.all(parts.map((part) => explained(part, 'read', () => stat(part))))
  return JSON.stringify(stats.map(({ mtimeMs, size }, i) => [parts[i], mtimeMs, size]))
}

/** Which files hold an exported graph's weights, only the graph says; who exports anew, writes it anew. */
function filesOf(part: NetworkParts | AutoencoderParts | TextParts): string[] {
  const config = [
    ...(part.config === null ? [] : [part.config]),
    ...('tokenizer' in part ? part.tokenizerFiles : []),
  ]
  if (part.kind === 'diffusers') return [...config, ...part.weightFiles]
  return [...config, ...('graph' in part ? [part.graph] : [part.encoder, part.decoder])]
}

/** @param file  the file of weights that was named; null to look for it */
async function findWeights(folder: string, file: string | null): Promise<NetworkParts> {
  const config = (await findPart(folder, networkConfigs)) ?? refuse(withoutNetwork(folder))
  return { kind: 'diffusers', config, weightFiles: file ? [file] : await findWeightFiles(dirname(config)) }
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
    const graphs = graphsIn(names)
    // Other .safetensors may lie there too, such as a latent that was saved beside the graph.
    if (names.some((name) => name.startsWith('diffusion_pytorch_model'))) return null
    if (graphs.length === 0) continue
    if (graphs.length === 1) return join(place, graphs[0])
    refuse(`${place} holds ${graphs.length} .onnx graphs: choose one of ${graphs.join(', ')} by its path.`)
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
