import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { StudioError } from '#shared/errors'
import { explained } from '#files/fileErrors'
import { readWholeFile } from '#files/fileAccess'
import { isWeightFile } from '../weights/weightFiles'

/** What a path to a model means: a folder, and the file in it that was named, if any. */
export interface ModelLocation {
  /** The short name people see. */
  readonly id: string
  /** Absolute: of the model, or of the part of it that holds the network. */
  readonly folder: string
  /** The .onnx graph or file of weights that was named; null for the folder as a whole. */
  readonly file: string | null
}

/** Subfolders of a pipeline that hold its network, the first choice first: training keeps averaged weights apart. */
export const networkFolders = ['unet', 'unet_ema']

/** How the Hugging Face cache names a repository's folder: models--org--name. */
const cachedRepository = /^models--(?:.*--)?([^-].*)$/

/**
 * Tells which model a path means: a diffusers folder or its network's subfolder, an .onnx graph, a file of weights beside
 * its config.json, or a repository of the Hugging Face cache, in which the snapshot of `main` is taken.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_MODEL where several models could be meant, naming them
 */
export async function locateModel(path: string): Promise<ModelLocation> {
  const whole = resolve(path)
  const stats = await explained(whole, 'read', () => stat(whole))
  if (!stats.isDirectory()) return locateFile(whole)
  const names = await explained(whole, 'read', () => readdir(whole))
  const repositories = names.filter((name) => cachedRepository.test(name)).sort()
  if (repositories.length > 1) {
    throw refusal(`${whole} holds several models: choose one of the folders ${repositories.join(', ')}.`)
  }
  if (repositories.length === 1) return locateModel(join(whole, repositories[0]))
  if (names.includes('snapshots')) return locateSnapshot(whole)
  if (networkFolders.includes(basename(whole)) && names.includes('config.json')) {
    return { id: basename(dirname(whole)), folder: whole, file: null }
  }
  return { id: idOf(whole), folder: whole, file: null }
}

function locateFile(file: string): ModelLocation {
  const folder = dirname(file)
  if (extname(file) === '.onnx') return { id: basename(file, '.onnx'), folder, file }
  if (isWeightFile(file)) {
    const name = basename(networkFolders.includes(basename(folder)) ? dirname(folder) : folder)
    return { id: name, folder, file }
  }
  throw refusal(
    `${file} is a file: choose the folder of a diffusers model, an .onnx graph or a file of weights.`,
  )
}

/** A reference holds the 40 digits of a commit. */
const longestReference = 1024

/** The snapshot that `refs/main` names, or the only one there is. */
async function locateSnapshot(repository: string): Promise<ModelLocation> {
  const main = await readWholeFile(join(repository, 'refs/main'), longestReference).catch(() => null)
  const snapshots = (await explained(repository, 'read', () => readdir(join(repository, 'snapshots')))).sort()
  const wanted = main?.toString().trim() ?? (snapshots.length === 1 ? snapshots[0] : null)
  if (wanted === null || !snapshots.includes(wanted)) {
    const choice =
      snapshots.length > 0 ? `choose one of them below ${join(repository, 'snapshots')}` : 'download it again'
    throw refusal(
      `${repository} does not say which of its ${snapshots.length} snapshots is meant: ${choice}.`,
    )
  }
  return { id: idOf(repository), folder: join(repository, 'snapshots', wanted), file: null }
}

/** A folder's name; of a repository in the Hugging Face cache, or a snapshot of one, the name of the model. */
function idOf(folder: string): string {
  const snapshots = dirname(folder)
  const named = basename(snapshots) === 'snapshots' ? dirname(snapshots) : folder
  return cachedRepository.exec(basename(named))?.[1] ?? basename(folder)
}

function refusal(sentence: string): StudioError {
  return new StudioError('BAD_MODEL', sentence)
}
