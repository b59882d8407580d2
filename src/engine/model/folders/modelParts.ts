import { basename, dirname, join, relative } from 'node:path'
import { StudioError } from '#shared/errors'
import { isGraphFile, networkFolders } from '#shared/fileKinds'
import { stampFile } from '#files/fileStamp'
import { findAutoencoder, findTextEncoders } from './besideNetwork'
import { locateModel } from './locateModel'
import { graphIn, isDiffusersPart } from './graphIn'
import { findPart, namesIn } from './onDisk'
import type { AutoencoderParts, ModelParts, NetworkParts, TextParts } from './parts'
import { refuseOtherNetwork } from '../weights/otherNetworks'
import { filesOfWeights, findWeightFiles, readWeightEntries } from '../weights/weightFiles'

/** Pipelines keep each part in its own folder; the oldest published models keep all parts in one. */
const networkConfigs = [...networkFolders.map((name) => `${name}/config.json`), 'config.json']
const schedulerConfigs = ['scheduler/scheduler_config.json', 'scheduler_config.json']
const cardName = 'README.md'

/**
 * Finds the parts of a model without reading them.
 *
 * @param path  anything that {@link locateModel} accepts
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL naming the missing part
 */
export async function findModel(path: string): Promise<ModelParts> {
  const { id, folder, file, path: whole, hub } = await locateModel(path)
  const graph = file === null ? await findGraph(folder) : isGraphFile(file) ? file : null
  const network = graph === null ? await findWeights(folder, file) : await partsOfGraph(folder, graph)
  const schedule = await findScheduler(folder)
  const others = await findOthers(wholeModelOf(folder), schedule.folder)
  return { id, path: whole, hub, network, schedulerConfig: schedule.config, ...others }
}

/**
 * Finds the other parts of the whole model. A checkpoint whose schedule lies one folder up lacks those that its
 * training left unchanged: each of them is then looked for there too.
 *
 * @param own  folder of the whole model
 * @param scheduled  the folder in which its schedule was found
 */
async function findOthers(
  own: string,
  scheduled: string,
): Promise<Pick<ModelParts, 'autoencoder' | 'textEncoders' | 'card'>> {
  const shared = isInside(scheduled, own) ? own : scheduled
  const textEncoders = await findTextEncoders(own)
  return {
    autoencoder: (await findAutoencoder(own)) ?? (await findAutoencoder(shared)),
    textEncoders: textEncoders.length > 0 ? textEncoders : await findTextEncoders(shared),
    card: (await findPart(own, [cardName])) ?? join(shared, cardName),
  }
}

/**
 * Returns a stamp that changes when any part of a model is replaced on disk: equal stamps mean the same
 * model.
 *
 * @throws StudioError as {@link findModel}
 */
export async function stampModel(path: string): Promise<string> {
  const { network, autoencoder, textEncoders, schedulerConfig } = await findModel(path)
  const beside = [...(autoencoder ? [autoencoder] : []), ...textEncoders]
  const parts = [schedulerConfig, ...[network, ...beside].flatMap(filesOf)]
  return JSON.stringify(await Promise.all(parts.map(stampFile)))
}

/**
 * Lists the files of a part. The separate weight files of an exported graph are left out: only the graph
 * names them, and exporting again rewrites the graph too.
 */
function filesOf(part: NetworkParts | AutoencoderParts | TextParts): string[] {
  const config = [
    ...(part.config === null ? [] : [part.config]),
    ...('tokenizer' in part ? part.tokenizerFiles : []),
  ]
  if (part.kind === 'diffusers') return [...config, ...part.weightFiles]
  return [...config, ...('graph' in part ? [part.graph] : [part.encoder, part.decoder])]
}

/**
 * @param file  the weight file that was named; null to search for one
 * @throws StudioError BAD_MODEL without a configuration; UNSUPPORTED if the file explains why there is none
 */
async function findWeights(folder: string, file: string | null): Promise<NetworkParts> {
  const config = await findPart(folder, networkConfigs)
  if (config === null) {
    if (file !== null) refuseOtherNetwork(await readWeightEntries([file]))
    return refuse(withoutNetwork(folder))
  }
  const weightFiles = await (file === null ? findWeightFiles(dirname(config)) : filesOfWeights(file))
  return { kind: 'diffusers', config, weightFiles }
}

async function partsOfGraph(folder: string, graph: string): Promise<NetworkParts> {
  return { kind: 'exported', graph, config: await findPart(wholeModelOf(folder), networkConfigs) }
}

/**
 * Finds the schedule next to the network or, for a network's subfolder, in the whole model; for a checkpoint of its
 * training, one folder further up. Returns the folder as well.
 */
async function findScheduler(folder: string): Promise<{ config: string; folder: string }> {
  for (const place of new Set([folder, dirname(folder), dirname(wholeModelOf(folder))])) {
    const config = await findPart(place, schedulerConfigs)
    if (config !== null) return { config, folder: place }
  }
  return refuse(withoutSchedule(folder))
}

/** Returns the folder of the whole model: the parent of a network's subfolder, else the folder itself. */
function wholeModelOf(folder: string): string {
  return networkFolders.includes(basename(folder)) ? dirname(folder) : folder
}

function isInside(path: string, folder: string): boolean {
  return !relative(folder, path).startsWith('..')
}

/**
 * Finds the graph of a network in the first of its folders that holds a network; null if that holds weights, or none
 * does.
 *
 * @throws StudioError BAD_MODEL as {@link graphIn}
 */
async function findGraph(folder: string): Promise<string | null> {
  for (const place of [...networkFolders.map((name) => join(folder, name)), folder]) {
    if (isDiffusersPart(await namesIn(place))) return null
    const graph = await graphIn(place, 'choose')
    if (graph !== null) return graph
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
