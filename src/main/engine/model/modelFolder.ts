import { stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { StudioError } from '#shared/errors'
import { explained } from '../fileErrors'
import { findWeightFiles } from './weightFiles'

/** Where everything of a diffusers folder is. */
export interface ModelFolder {
  /** Name of the folder. */
  readonly id: string
  /** Absolute. */
  readonly path: string
  readonly networkConfig: string
  readonly schedulerConfig: string
  readonly card: string
  /** In an order that is always the same. */
  readonly weightFiles: readonly string[]
}

/** Pipelines keep each part in a folder of its own; the oldest published models keep all parts in one. */
const networkConfigs = ['unet/config.json', 'config.json']
const schedulerConfigs = ['scheduler/scheduler_config.json', 'scheduler_config.json']

/**
 * Finds the parts of a model in its folder. Reads none of them.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL naming the part that is missing, UNSUPPORTED for a bare .onnx file
 */
export async function findModelFolder(path: string): Promise<ModelFolder> {
  const folder = resolve(path)
  const stats = await explained(folder, 'read', () => stat(folder))
  if (!stats.isDirectory()) throw refuseFile(folder)
  const networkConfig = await findPart(folder, networkConfigs)
  return {
    id: basename(folder),
    path: folder,
    networkConfig,
    schedulerConfig: await findPart(folder, schedulerConfigs),
    card: join(folder, 'README.md'),
    weightFiles: await findWeightFiles(dirname(networkConfig)),
  }
}

/**
 * What changes when any part of a model is replaced on disk: equal stamps, equal model.
 *
 * @throws StudioError as {@link findModelFolder}
 */
export async function stampModel(path: string): Promise<string> {
  const { networkConfig, schedulerConfig, weightFiles } = await findModelFolder(path)
  const parts = [networkConfig, schedulerConfig, ...weightFiles]
  const stats = await Promise.all(parts.map((part) => explained(part, 'read', () => stat(part))))
  return JSON.stringify(stats.map(({ mtimeMs, size }, i) => [parts[i], mtimeMs, size]))
}

function refuseFile(path: string): StudioError {
  return extname(path) === '.onnx'
    ? new StudioError(
        'UNSUPPORTED',
        `${path} is a bare ONNX graph: choose the diffusers folder it was made from.`,
      )
    : new StudioError('BAD_MODEL', `${path} is a file: choose the folder of a diffusers model.`)
}

async function findPart(folder: string, candidates: readonly string[]): Promise<string> {
  for (const candidate of candidates) {
    const path = join(folder, candidate)
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
      return explained(path, 'read', () => Promise.reject(error))
    })
    if (found?.isFile()) return path
  }
  throw new StudioError(
    'BAD_MODEL',
    `${folder} is not the folder of a diffusers model: it has no ${candidates.join(' and no ')}.`,
  )
}
