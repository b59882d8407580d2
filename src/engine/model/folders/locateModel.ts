import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { StudioError } from '#shared/errors'
import { isGraphFile, isPartOfModel, networkFolders } from '#shared/fileKinds'
import { isRepositoryId } from '#shared/models'
import type { HubSource } from '#shared/reports'
import { explained } from '#files/fileErrors'
import { readWholeFile } from '#files/fileAccess'
import { fileLimits } from '#shared/fileLimits'
import { hubCacheFolder, repositoryFolder, repositoryOfFolder } from '#files/hubCache'
import { isWeightFile } from '../weights/weightFiles'

/** What a path to a model resolves to: a folder, and the file in it if one was named. */
export interface ModelLocation {
  /** The short name shown to people. */
  readonly id: string
  /** Absolute. Identifies the same model later, even if the branch it was found by has moved. */
  readonly path: string
  /** Absolute: the folder of the model, or of the part that holds the network. */
  readonly folder: string
  /** The .onnx graph or weight file that was named; null for the folder as a whole. */
  readonly file: string | null
  /** The repository and commit it is a snapshot of; null outside the Hugging Face cache. */
  readonly hub: HubSource | null
}

/**
 * Resolves a path to a model: a diffusers folder or its network's subfolder, an .onnx graph, a weight file
 * next to its config.json, or a repository of the Hugging Face cache, of which the snapshot of `main` is
 * used. If nothing exists at the path, it is tried as the id of a cached repository:
 * "google/ddpm-cifar10-32".
 *
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_MODEL naming the candidates if several models could be meant
 */
export async function locateModel(path: string): Promise<ModelLocation> {
  const whole = resolve(path)
  try {
    const found = await locate(whole)
    return { ...found, hub: sourceOf(found.folder) }
  } catch (error) {
    if (!(error instanceof StudioError) || error.code !== 'NOT_FOUND') throw error
    const gone = sourceOf(whole)
    if (gone !== null) {
      throw new StudioError(
        'NOT_FOUND',
        `The model "${gone.repository}" is no longer in ${dirname(dirname(dirname(whole)))}: download it again, or choose another model.`,
      )
    }
    if (!isRepositoryId(path)) throw error
    return locateById(path, error)
  }
}

type Found = Omit<ModelLocation, 'hub'>

async function locateById(id: string, notThere: StudioError): Promise<ModelLocation> {
  const folder = repositoryFolder(id)
  const isCached = await stat(folder).then(
    () => true,
    () => false,
  )
  if (isCached) return locateModel(folder)
  // A name without a slash is more likely to be that of a folder.
  if (!id.includes('/')) throw notThere
  throw new StudioError(
    'NOT_FOUND',
    `There is no folder "${id}", and no model of that id in ${hubCacheFolder()}: check the path, or download it with: slerp-studio pull ${id}`,
  )
}

async function locate(whole: string): Promise<Found> {
  const stats = await explained(whole, 'read', () => stat(whole))
  if (!stats.isDirectory()) return locateFile(whole)
  const names = await explained(whole, 'read', () => readdir(whole))
  const repositories = names.filter((name) => repositoryOfFolder(name) !== null).sort()
  if (repositories.length > 1) {
    throw refusal(`${whole} holds several models: choose one of the folders ${repositories.join(', ')}.`)
  }
  if (repositories.length === 1) return locate(join(whole, repositories[0]))
  if (isRepository(whole, names)) return locateSnapshot(whole)
  if (networkFolders.includes(basename(whole)) && names.includes('config.json')) {
    return { id: basename(dirname(whole)), path: whole, folder: whole, file: null }
  }
  return { id: idOf(whole), path: whole, folder: whole, file: null }
}

/**
 * Returns whether a folder is a repository of the Hugging Face cache, perhaps renamed or copied without its
 * other folders. Training may also store a model's checkpoints in a folder `snapshots`, beside the model itself.
 */
function isRepository(folder: string, names: readonly string[]): boolean {
  if (!names.includes('snapshots')) return false
  if (repositoryOfFolder(basename(folder)) !== null) return true
  return !names.some(isPartOfModel)
}

function locateFile(file: string): Found {
  const folder = dirname(file)
  if (isGraphFile(file)) return { id: basename(file, extname(file)), path: file, folder, file }
  if (isWeightFile(file)) {
    const name = basename(networkFolders.includes(basename(folder)) ? dirname(folder) : folder)
    return { id: name, path: file, folder, file }
  }
  throw refusal(
    `${file} is a file: choose the folder of a diffusers model, an .onnx graph or a file of weights.`,
  )
}

/** Locates the snapshot that `refs/main` names, or the only one there is. */
async function locateSnapshot(repository: string): Promise<Found> {
  const main = await readWholeFile(join(repository, 'refs/main'), fileLimits.hubReference).catch(() => null)
  const snapshots = (await explained(repository, 'read', () => readdir(join(repository, 'snapshots')))).sort()
  const wanted = main?.toString().trim() ?? (snapshots.length === 1 ? snapshots[0] : null)
  if (wanted === null || !snapshots.includes(wanted)) {
    const choice =
      snapshots.length > 0 ? `choose one of them below ${join(repository, 'snapshots')}` : 'download it again'
    throw refusal(
      `${repository} does not say which of its ${snapshots.length} snapshots is meant: ${choice}.`,
    )
  }
  const folder = join(repository, 'snapshots', wanted)
  return { id: idOf(repository), path: folder, folder, file: null }
}

/** Returns the name of a folder, or of the model if it is in the Hugging Face cache. */
function idOf(folder: string): string {
  const snapshots = dirname(folder)
  const named = basename(snapshots) === 'snapshots' ? dirname(snapshots) : folder
  return repositoryOfFolder(basename(named))?.split('/').at(-1) ?? basename(folder)
}

/** Returns the repository and commit of a folder in the Hugging Face cache, by its path. */
function sourceOf(folder: string): HubSource | null {
  const parts = folder.split(/[/\\]/)
  const at = parts.lastIndexOf('snapshots')
  const repository = at > 0 ? repositoryOfFolder(parts[at - 1]) : null
  return repository !== null && parts[at + 1] ? { repository, commit: parts[at + 1] } : null
}

function refusal(sentence: string): StudioError {
  return new StudioError('BAD_MODEL', sentence)
}
