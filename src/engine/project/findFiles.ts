import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { DocumentLatent, DocumentPicture, StudioDocument } from '#shared/document'
import type { DocumentFound } from '#shared/project'
import type { PictureInfo } from '#shared/reports'
import { readPieces } from '#files/fileAccess'
import { createHash } from 'node:crypto'
import type { Pictures } from '../image/Pictures'

/** Where the files of a document may lie besides where they were. */
export interface Places {
  /** Folder of the project file, which relative paths start from; null for a document without one. */
  readonly folder: string | null
  /** Folders to look through by name and content: where somebody found one of the files. */
  readonly others: readonly string[]
  /** Whether only the very content will do, where it is known: a file that was changed since is another one. */
  readonly exact?: boolean
  /** A copy of the file with these bytes, where the project holds one. */
  readonly unpack?: (sha256: string) => Promise<string | null>
}

/** What is known of a file that is looked for. */
interface Wanted {
  readonly path: string
  readonly relativePath?: string | undefined
  readonly sha256: string
  /** 0 where it is not known. */
  readonly bytes: number
}

/** So many files of a folder are looked at: a home folder must not take minutes. */
const mostFiles = 2000
/** What is larger is no picture and no latent, in bytes. */
const largestSource = 256 * 2 ** 20
/** How far below the folders. */
const deepest = 3

/**
 * Looks for the pictures and the latent files of a document: where they were, by their path from the project, among the
 * files around it by content, and at last in the project itself. A picture keeps everything but its path, and one that
 * was changed on disk its new facts.
 */
export async function findFiles(
  document: StudioDocument,
  pictures: Pictures,
  signal: AbortSignal,
  places: Places,
): Promise<DocumentFound> {
  const missing: string[] = []
  const around = listAround([...(places.folder === null ? [] : [places.folder]), ...places.others])
  const find = (wanted: Wanted): Promise<string | null> => findFile(wanted, places, around)

  async function withInfo(picture: DocumentPicture): Promise<DocumentPicture> {
    const path = await find({ ...picture.info, relativePath: picture.relativePath })
    const info = path === null ? null : await infoOf(pictures, path, signal)
    if (!info) missing.push(picture.info.path)
    const { relativePath: _, ...rest } = picture
    return info ? { ...rest, info: { ...info, name: picture.info.name || info.name } } : picture
  }

  async function withPath(latent: DocumentLatent): Promise<DocumentLatent> {
    if (latent.kind !== 'file') return latent
    const path = await find({ ...latent, bytes: 0 })
    if (path === null) missing.push(latent.path)
    return path === null ? latent : { ...latent, path }
  }

  const found = {
    ...document,
    pictures: await inOrder(document.pictures, withInfo),
    latents: await inOrder(document.latents, withPath),
  }
  return { document: found, missing: missing.filter((path) => path !== '') }
}

/** One after the other: a disk is not made faster by a thousand questions at once. */
async function inOrder<Item>(items: readonly Item[], change: (item: Item) => Promise<Item>): Promise<Item[]> {
  const changed: Item[] = []
  for (const item of items) changed.push(await change(item))
  return changed
}

async function infoOf(pictures: Pictures, path: string, signal: AbortSignal): Promise<PictureInfo | null> {
  return pictures.info(path, signal).catch(() => null)
}

async function findFile(
  { path, relativePath, sha256, bytes }: Wanted,
  { folder, unpack, exact = false }: Places,
  around: () => Promise<readonly string[]>,
): Promise<string | null> {
  const beside = folder !== null && relativePath !== undefined ? [resolve(folder, relativePath)] : []
  const likely = [...(path === '' ? [] : [path]), ...beside]
  for (const candidate of likely) if (await holds(candidate, sha256)) return candidate
  if (sha256 !== '') {
    const namesakes = (await around()).filter((one) => basename(one) === basename(path))
    for (const candidate of namesakes) if (await holds(candidate, sha256)) return candidate
    for (const candidate of await around()) {
      if (bytes > 0 && (await sizeOf(candidate)) === bytes && (await holds(candidate, sha256)))
        return candidate
    }
    const copy = await unpack?.(sha256)
    if (copy) return copy
  }
  if (exact && sha256 !== '') return null
  // A file that was changed since is still the one that is meant.
  for (const candidate of likely) if ((await sizeOf(candidate)) !== null) return candidate
  return null
}

async function sizeOf(path: string): Promise<number | null> {
  const stats = await stat(path).catch(() => null)
  return stats?.isFile() ? stats.size : null
}

/** Whether a file has this content; where that is not known, whether it is there. */
async function holds(path: string, sha256: string): Promise<boolean> {
  const size = await sizeOf(path)
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

/** The files of folders and of those inside them, listed when they are first asked for. */
function listAround(folders: readonly string[]): () => Promise<readonly string[]> {
  let listing: Promise<string[]> | null = null
  return () => (listing ??= list(folders))
}

async function list(folders: readonly string[]): Promise<string[]> {
  const files: string[] = []
  let level = [...folders]
  for (let depth = 0; depth <= deepest && files.length < mostFiles; depth++) {
    const next: string[] = []
    for (const folder of level) {
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
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
