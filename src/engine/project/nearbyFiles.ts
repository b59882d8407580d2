import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isLatentFile } from '#shared/fileKinds'
import { readPieces, sizeOfFile, withinTime } from '#files/fileAccess'
import { largestSources } from './archive'

/** Limit on the files that are examined, so that a home folder does not take minutes. */
const mostFiles = 2000
/** A larger file is neither a picture nor a latent, in bytes. */
const largestSource = Math.max(...Object.values(largestSources))
/**
 * Limit on what is read to find a latent by its content, in bytes: files with the endings of latents are often
 * weights, and a folder of models has hundreds of gigabytes of them.
 */
const mostLatentBytes = 2 ** 30
/** Limit on the folders that are read, and again on those behind links. */
const mostFolders = 6000
/** How many levels of subfolders are searched. */
const deepest = 3

/** Returns the SHA-256 of a file's content; null for one that is not there, too large or unreadable. */
export type HashFile = (path: string) => Promise<string | null>

/** Returns a function that reads each file once, however many items might be in it. */
export function hashEachOnce(): HashFile {
  const known = new Map<string, Promise<string | null>>()
  return (path) => {
    const hash = known.get(path) ?? hashFile(path).catch(() => null)
    known.set(path, hash)
    return hash
  }
}

async function hashFile(path: string): Promise<string | null> {
  const size = await sizeOfFile(path)
  if (size === null || size > largestSource) return null
  const hash = createHash('sha256')
  await readPieces(path, (piece) => hash.update(piece))
  return hash.digest('hex')
}

/** Returns the file with this content, or null if there is none. */
type FindContent = (sha256: string) => Promise<string | null>

/** The files in some folders and their subfolders, among which a content is looked for. */
export interface NearbyFiles {
  /** Searches the files of this name. */
  named(name: string): Promise<FindContent>
  /** Searches the files of this size, in bytes. */
  sized(bytes: number): Promise<FindContent>
  /**
   * Searches the files that may be latents by their names, the smallest first, because the size of a latent is not
   * known.
   */
  latents(): Promise<FindContent>
}

/** Lists the files, and their sizes, once each and on first use. */
export function nearbyFiles(folders: readonly string[], hash: HashFile, signal: AbortSignal): NearbyFiles {
  const files = once(() => list(folders, signal))
  const among = (paths: readonly string[]) => contentsOf(paths, hash, signal)
  const byName = once(async () =>
    groups(
      (await files()).map((path) => [basename(path), path]),
      among,
    ),
  )
  const bySize = once(async () => groups(await sizesOf(await files(), signal), among))
  const latents = once(async () =>
    among(smallLatents(await sizesOf((await files()).filter(isLatentFile), signal))),
  )
  const nowhere: FindContent = () => Promise.resolve(null)
  return {
    named: async (name) => (await byName()).get(name) ?? nowhere,
    sized: async (bytes) => (await bySize()).get(bytes) ?? nowhere,
    latents,
  }
}

/** A file and its size in bytes; null for one that cannot be read. */
type Sized = readonly [bytes: number | null, path: string]

async function sizesOf(paths: readonly string[], signal: AbortSignal): Promise<Sized[]> {
  const sizes: Sized[] = []
  for (const path of paths) {
    signal.throwIfAborted()
    sizes.push([await sizeOfFile(path), path])
  }
  return sizes
}

/** Returns as many of the files as may be read, the smallest first: latents are small, and weights are not. */
function smallLatents(files: readonly Sized[]): string[] {
  let left = mostLatentBytes
  return files
    .filter((file): file is [number, string] => file[0] !== null && file[0] <= largestSources.latents)
    .sort(([a], [b]) => a - b)
    .filter(([bytes]) => (left -= bytes) >= 0)
    .map(([, path]) => path)
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

/** Groups paths by their key. */
function groups<Key>(
  paths: readonly (readonly [key: Key, path: string])[],
  among: (paths: readonly string[]) => FindContent,
): ReadonlyMap<Key, FindContent> {
  const grouped = new Map<Key, string[]>()
  for (const [key, path] of paths) {
    const group = grouped.get(key)
    if (group) group.push(path)
    else grouped.set(key, [path])
  }
  return new Map([...grouped].map(([key, group]) => [key, among(group)]))
}

/** Looks for contents in some files: each is read once, and none after one that has the content. */
function contentsOf(paths: readonly string[], hash: HashFile, signal: AbortSignal): FindContent {
  const known = new Map<string | null, string>()
  let next = 0
  return async (sha256) => {
    while (!known.has(sha256) && next < paths.length) {
      signal.throwIfAborted()
      const path = paths[next++]
      const content = await hash(path)
      if (!known.has(content)) known.set(content, path)
    }
    return known.get(sha256) ?? null
  }
}

/**
 * Lists the files in folders, level by level. Folders behind links come last: a large one must not take the place of
 * the files that are really there.
 */
async function list(folders: readonly string[], signal: AbortSignal): Promise<string[]> {
  const files: string[] = []
  const seen = new Set<string>()
  const own = folders.map((path) => ({ path, depth: 0 }))
  const linked: typeof own = []
  for (const queue of [own, linked]) {
    // Each queue grows while it is read.
    for (const { path: folder, depth } of queue) {
      for (const entry of await entriesOf(folder, seen, signal)) {
        if (files.length >= mostFiles) return files
        signal.throwIfAborted()
        const path = join(folder, entry.name)
        const kind = await kindOf(entry, path)
        const next = entry.isSymbolicLink() ? linked : queue
        if (kind?.isFile()) files.push(path)
        else if (kind?.isDirectory() && depth < deepest && next.length < mostFolders)
          next.push({ path, depth: depth + 1 })
      }
    }
  }
  return files
}

/** Reads a folder, unless it was read under another path: links may lead in circles. */
async function entriesOf(folder: string, seen: Set<string>, signal: AbortSignal): Promise<Dirent[]> {
  signal.throwIfAborted()
  const real = await withinTime(`"${folder}"`, realpath(folder)).catch(() => null)
  if (real === null || seen.has(real)) return []
  seen.add(real)
  const reading = readdir(folder, { withFileTypes: true })
  const entries = await withinTime(`"${folder}"`, reading).catch(() => [])
  return entries.filter(({ name }) => !name.startsWith('.'))
}

/**
 * Returns what an entry is, or what a link leads to; null for a link to nothing. Links are left alone on Windows,
 * where merely looking at one may log in to a server.
 */
async function kindOf(entry: Dirent, path: string): Promise<Pick<Dirent, 'isFile' | 'isDirectory'> | null> {
  if (!entry.isSymbolicLink() || process.platform === 'win32') return entry
  return withinTime(`"${path}"`, stat(path)).catch(() => null)
}
