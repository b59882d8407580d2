import { basename, isAbsolute, resolve } from 'node:path'
import type { DocumentLatent, DocumentPicture, StudioDocument } from '#shared/document'
import { describeLostCrops, fitInside } from '#shared/pictureSource'
import type { DocumentFound } from '#shared/project'
import type { PictureInfo } from '#shared/reports'
import { findBundledAgain } from '#files/installation'
import { sizeOfFile } from '#files/fileAccess'
import type { Pictures } from '../image/Pictures'
import { hashEachOnce, nearbyFiles, type HashFile, type NearbyFiles } from './nearbyFiles'

/** Where to search for the files of a document besides their original paths. */
export interface Places {
  /** Folder of the project file, which relative paths start from; null for a document without one. */
  readonly folder: string | null
  /** Folders to search by name and content, for example where the user found one of the files. */
  readonly others: readonly string[]
  /** The installation's, where sample pictures of an earlier installation are. */
  readonly resources?: string | undefined
  /**
   * Whether the content must match exactly if it is known: a changed file does not count. An item whose file is not
   * found then loses its path, where any other file may lie.
   */
  readonly exact?: boolean
  /** Whether nothing large is read: a renamed latent file is then not found. */
  readonly quick?: boolean | undefined
  /**
   * Unpacks the file with this hash from the project, and returns the path of the copy, or null if the
   * project does not contain it.
   */
  readonly unpack?: (sha256: string) => Promise<string | null>
}

/** What is known about a file to search for. */
interface Wanted {
  /** The name that is reported if there is no path. */
  readonly name: string
  readonly path: string
  readonly relativePath?: string | undefined
  readonly sha256: string
  /** Its size; null for a latent file, whose size no document knows. */
  readonly bytes: number | null
}

/** The files on the disk, as they are looked at during one search. */
interface Disk {
  readonly hash: HashFile
  readonly nearby: NearbyFiles
}

/**
 * Searches for the pictures and latent files of a document: at their original path, by their path relative to
 * the project, by content among the files nearby, and in the project itself. An item that is found keeps
 * everything except its paths and, for a picture that was changed on disk, its file info and a crop that no
 * longer lies inside it. The relative path of a missing item becomes absolute, so that a save into any folder
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
  const changed: string[] = []
  const uncropped: string[] = []
  const folders = [...(places.folder === null ? [] : [places.folder]), ...places.others]
  const hash = hashEachOnce()
  const disk = { hash, nearby: nearbyFiles(folders, hash, signal) }
  const find = (wanted: Wanted): Promise<string | null> => {
    signal.throwIfAborted()
    return findFile(wanted, places, disk)
  }

  /** Reports a file as missing. Returns the path and relative path that its item has from now on. */
  async function miss({ name, path, relativePath, sha256 }: Wanted) {
    const isForgotten = places.exact === true && sha256 !== ''
    missing.push(isForgotten ? basename(path) || name : path || name)
    if (isForgotten && (await sizeOfFile(path)) !== null) changed.push(basename(path))
    return { path: isForgotten ? '' : path, relativePath: placeBeside(places.folder, relativePath) }
  }

  async function withInfo(picture: DocumentPicture): Promise<DocumentPicture> {
    const wanted = {
      ...picture.info,
      name: picture.info.name || picture.name,
      relativePath: picture.relativePath,
    }
    const path = await find(wanted)
    const info = path === null ? null : await infoOf(pictures, path, signal)
    if (!info) {
      const { path: place, relativePath } = await miss(wanted)
      return { ...picture, info: { ...picture.info, path: place }, relativePath }
    }
    const fit = fitInside(picture.fit, info)
    if (fit !== picture.fit) uncropped.push(picture.name)
    const name = picture.info.name || info.name
    return { ...picture, info: { ...info, name }, fit, relativePath: undefined }
  }

  async function withPath(latent: DocumentLatent): Promise<DocumentLatent> {
    if (latent.kind !== 'file') return latent
    const wanted = { ...latent, bytes: null }
    const path = await find(wanted)
    return { ...latent, ...(path === null ? await miss(wanted) : { path, relativePath: undefined }) }
  }

  const found = {
    ...document,
    pictures: await inOrder(document.pictures, withInfo),
    latents: await inOrder(document.latents, withPath),
  }
  const lostCrops = describeLostCrops(uncropped)
  const problems = [...[...new Set(changed)].map(describeChanged), ...(lostCrops === null ? [] : [lostCrops])]
  return { document: found, missing: missing.filter((one) => one !== ''), problems }
}

function describeChanged(name: string): string {
  return `“${name}” was not used: it has changed since the export, or is another file of the same name.`
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

async function findFile(wanted: Wanted, places: Places, disk: Disk): Promise<string | null> {
  const { path, relativePath, sha256 } = wanted
  const { folder, resources, exact = false } = places
  const beside = placeBeside(folder, relativePath)
  const bundled = resources === undefined ? null : findBundledAgain(path, resources)
  const likely = [path, beside, bundled].filter((place) => Boolean(place)) as string[]
  if (sha256 !== '') {
    for (const candidate of likely) if ((await disk.hash(candidate)) === sha256) return candidate
    const found = await findContent(wanted, places, disk)
    if (found) return found
    if (exact) return null
  }
  // A file that has changed since is still the intended one.
  for (const candidate of likely) if ((await sizeOfFile(candidate)) !== null) return candidate
  return null
}

/** Finds a file of known content nearby, also if it was renamed, or in the project. */
async function findContent(
  { path, sha256, bytes }: Wanted,
  { unpack, quick = false }: Pick<Places, 'unpack' | 'quick'>,
  { nearby }: Pick<Disk, 'nearby'>,
): Promise<string | null> {
  const unpacked = async () => (await unpack?.(sha256)) ?? null
  const named = await (await nearby.named(basename(path)))(sha256)
  if (named !== null) return named
  if (bytes !== null) return (await (await nearby.sized(bytes))(sha256)) ?? unpacked()
  // The project comes first: any number of files may have to be read to find a renamed latent.
  const own = await unpacked()
  return own !== null || quick ? own : (await nearby.latents())(sha256)
}

/** Returns where a relative path leads; undefined if the folder that it starts from is unknown. */
function placeBeside(folder: string | null, relativePath: string | undefined): string | undefined {
  if (relativePath === undefined || isAbsolute(relativePath)) return relativePath
  return folder === null ? undefined : resolve(folder, relativePath)
}
