import { readdir } from 'node:fs/promises'
import { basename, isAbsolute, join, resolve } from 'node:path'
import type { DocumentLatent, DocumentPicture, StudioDocument } from '#shared/document'
import { describeLostCrops, fitInside } from '#shared/pictureSource'
import type { DocumentFound } from '#shared/project'
import type { PictureInfo } from '#shared/reports'
import { findBundledAgain } from '#files/installation'
import { readPieces, sizeOfFile, withinTime } from '#files/fileAccess'
import { createHash } from 'node:crypto'
import type { Pictures } from '../image/Pictures'
import { largestSources } from './archive'

/** Where to search for the files of a document besides their original paths. */
export interface Places {
  /** Folder of the project file, which relative paths start from; null for a document without one. */
  readonly folder: string | null
  /** Folders to search by name and content, for example where the user found one of the files. */
  readonly others: readonly string[]
  /** The installation's, where sample pictures of an earlier installation are. */
  readonly resources?: string | undefined
  /** Whether the content must match exactly if it is known: a changed file does not count. */
  readonly exact?: boolean
  /**
   * Unpacks the file with this hash from the project, and returns the path of the copy, or null if the
   * project does not contain it.
   */
  readonly unpack?: (sha256: string) => Promise<string | null>
}

/** What is known about a file to search for. */
interface Wanted {
  readonly path: string
  readonly relativePath?: string | undefined
  readonly sha256: string
  /** 0 if unknown. */
  readonly bytes: number
}

/** Limit on the files that are examined, so that a home folder does not take minutes. */
const mostFiles = 2000
/** A larger file is neither a picture nor a latent, in bytes. */
const largestSource = Math.max(...Object.values(largestSources))
/** How many levels of subfolders are searched. */
const deepest = 3

/**
 * Searches for the pictures and latent files of a document: at their original path, by their path relative to
 * the project, by content among the files nearby, and finally in the project itself. An item that is found
 * keeps everything except its paths and, for a picture that was changed on disk, its file info and a crop that
 * no longer lies inside it. The relative path of a missing item becomes absolute, so that a save into any folder
 * leads back to the same place.
 *
 * @throws the signal's reason
 */
export async function findFiles(
  document: StudioDocument,
  pictures: Pictures,
  signal: AbortSignal,
  places: Places,
): Promise<DocumentFound> {
  const missing: string[] = []
  const uncropped: string[] = []
  const folders = [...(places.folder === null ? [] : [places.folder]), ...places.others]
  const nearby = listNearby(folders, signal)
  const find = (wanted: Wanted): Promise<string | null> => {
    signal.throwIfAborted()
    return findFile(wanted, places, nearby)
  }

  async function withInfo(picture: DocumentPicture): Promise<DocumentPicture> {
    const path = await find({ ...picture.info, relativePath: picture.relativePath })
    const info = path === null ? null : await infoOf(pictures, path, signal)
    if (!info) {
      missing.push(picture.info.path)
      return { ...picture, relativePath: placeBeside(places.folder, picture.relativePath) }
    }
    const fit = fitInside(picture.fit, info)
    if (fit !== picture.fit) uncropped.push(picture.name)
    const name = picture.info.name || info.name
    return { ...picture, info: { ...info, name }, fit, relativePath: undefined }
  }

  async function withPath(latent: DocumentLatent): Promise<DocumentLatent> {
    if (latent.kind !== 'file') return latent
    const path = await find({ ...latent, bytes: 0 })
    if (path === null) missing.push(latent.path)
    const relativePath = path === null ? placeBeside(places.folder, latent.relativePath) : undefined
    return { ...latent, path: path ?? latent.path, relativePath }
  }

  const found = {
    ...document,
    pictures: await inOrder(document.pictures, withInfo),
    latents: await inOrder(document.latents, withPath),
  }
  const lostCrops = describeLostCrops(uncropped)
  return {
    document: found,
    missing: missing.filter((path) => path !== ''),
    problems: lostCrops === null ? [] : [lostCrops],
  }
}

/** Changes items one by one, because a disk is not made faster by a thousand requests at once. */
export async function inOrder<Item>(
  items: readonly Item[],
  change: (item: Item) => Promise<Item>,
): Promise<Item[]> {
  const changed: Item[] = []
  for (const item of items) changed.push(await change(item))
  return changed
}

async function infoOf(pictures: Pictures, path: string, signal: AbortSignal): Promise<PictureInfo | null> {
  return pictures.info(path, signal).catch(() => null)
}

async function findFile(
  { path, relativePath, sha256, bytes }: Wanted,
  { folder, resources, unpack, exact = false }: Places,
  nearby: Nearby,
): Promise<string | null> {
  const beside = placeBeside(folder, relativePath)
  const bundled = resources === undefined ? null : findBundledAgain(path, resources)
  const likely = [path, beside, bundled].filter((place) => Boolean(place)) as string[]
  for (const candidate of likely) if (await holds(candidate, sha256)) return candidate
  if (sha256 !== '') {
    for (const candidate of await nearby.named(basename(path)))
      if (await holds(candidate, sha256)) return candidate
    const sized = bytes > 0 ? await nearby.sized(bytes) : []
    for (const candidate of sized) if (await holds(candidate, sha256)) return candidate
    const copy = await unpack?.(sha256)
    if (copy) return copy
  }
  if (exact && sha256 !== '') return null
  // A file that has changed since is still the intended one.
  for (const candidate of likely) if ((await sizeOfFile(candidate)) !== null) return candidate
  return null
}

/** Returns where a relative path leads; undefined if the folder that it starts from is unknown. */
function placeBeside(folder: string | null, relativePath: string | undefined): string | undefined {
  if (relativePath === undefined || isAbsolute(relativePath)) return relativePath
  return folder === null ? undefined : resolve(folder, relativePath)
}

/** Whether a file has this content, or merely exists if the content is unknown. */
async function holds(path: string, sha256: string): Promise<boolean> {
  const size = await sizeOfFile(path)
  if (size === null || size > largestSource) return false
  if (sha256 === '') return true
  const hash = createHash('sha256')
  try {
    await readPieces(path, (piece) => hash.update(piece))
  } catch {
    return false
  }
  return hash.digest('hex') === sha256
}

/** The files in some folders and their subfolders. */
interface Nearby {
  named(name: string): Promise<string[]>
  sized(bytes: number): Promise<string[]>
}

/** Lists the files, and their sizes, once each and on first use. */
function listNearby(folders: readonly string[], signal: AbortSignal): Nearby {
  let listing: Promise<string[]> | undefined
  let measuring: Promise<{ path: string; size: number | null }[]> | undefined
  const files = () => (listing ??= list(folders, signal))
  const measure = async () => {
    const measured = []
    for (const path of await files()) {
      signal.throwIfAborted()
      measured.push({ path, size: await sizeOfFile(path) })
    }
    return measured
  }
  return {
    named: async (name) => (await files()).filter((path) => basename(path) === name),
    sized: async (bytes) =>
      (await (measuring ??= measure())).filter(({ size }) => size === bytes).map(({ path }) => path),
  }
}

async function list(folders: readonly string[], signal: AbortSignal): Promise<string[]> {
  const files: string[] = []
  let level = [...folders]
  for (let depth = 0; depth <= deepest && files.length < mostFiles; depth++) {
    const next: string[] = []
    for (const folder of level) {
      signal.throwIfAborted()
      const reading = readdir(folder, { withFileTypes: true })
      const entries = await withinTime(`"${folder}"`, reading).catch(() => [])
      for (const entry of entries) {
        if (entry.name.startsWith('.')) continue
        if (entry.isDirectory()) next.push(join(folder, entry.name))
        else if (entry.isFile()) files.push(join(folder, entry.name))
      }
    }
    level = next.slice(0, mostFiles)
  }
  return files.slice(0, mostFiles)
}
