import { extname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fromFdPromise, type Entry, type ZipFile } from 'yauzl'
import { z } from 'zod'
import { StudioError } from '#shared/errors'
import { formatBytes } from '#core/format/quantities'
import { withFile } from '#files/fileAccess'
import { sha256Of } from '#files/sha256'
import { largestLatentFile } from '../latent/latentFile'
import { parseJson } from './parseJson'

/** Names of the two fixed parts of a project file, which is a zip. See docs/project-format.md. */
export const documentName = 'document.json'
export const hashesName = 'hashes.json'

const megabyte = 2 ** 20
/** The maximum size of a source file of each kind, in bytes. */
export const largestSources = { pictures: 100 * megabyte, latents: largestLatentFile } as const
type SourceFolder = keyof typeof largestSources

/** The endings that parts made from source files keep; a file with any other is kept without one. */
const ending = /\.[a-z0-9]{1,12}/
/** The names that parts can have in each folder, and the maximum size of a part in bytes. */
const folders = [
  ...(['pictures', 'latents'] as const).map((folder) => ({
    pattern: new RegExp(`^${folder}/[0-9a-f]{64}(${ending.source})?$`),
    mostBytes: largestSources[folder],
  })),
  { pattern: /^(frames|thumbnails)\/[0-9a-f]{64}\.png$/, mostBytes: 64 * megabyte },
  { pattern: /^document\.json$/, mostBytes: 16 * megabyte },
  { pattern: /^hashes\.json$/, mostBytes: 128 * megabyte },
]
/** The most parts of a project file, the two fixed ones included. */
export const mostParts = 100_000
/** JSON of many equal items shrinks to a fiftieth; a higher ratio means a zip bomb. */
const mostCompression = 200
/** The parts that are compressed, the two fixed ones: a megabyte of each may grow from nothing. */
const mostFreeGrowth = 2 * megabyte
/** The bytes in front of a part's own, without its name. */
const localHeader = 30

/** What `hashes.json` records for each part: the SHA-256 of its bytes, and for a cached result its key. */
const partHashes = z.record(z.string(), z.object({ sha256: z.string(), key: z.string().optional() }))
export type PartHashes = z.infer<typeof partHashes>

/** An open project file. */
export interface Archive {
  /** Its parts by name, as it lists them; any other content of the file is ignored. */
  readonly parts: PartHashes
  /** Whether the file contains a part, intact or not. */
  has(name: string): boolean
  /**
   * Reads the bytes of a part.
   *
   * @throws StudioError BAD_PROJECT if there is no such part, or it is not what was written
   */
  read(name: string): Promise<Buffer>
}

/**
 * Runs `use` on a project file. Nothing is extracted: parts are read by names with a fixed pattern, so no
 * name can lead outside.
 *
 * @throws StudioError BAD_PROJECT for a file that is not a project, is damaged or is malicious; NOT_FOUND,
 *   UNREADABLE; whatever `use` throws
 */
export function withArchive<T>(path: string, use: (archive: Archive) => Promise<T>): Promise<T> {
  return withFile(path, async (file) => {
    const refuse = (why: string) => {
      const sentence = `Cannot open "${path}": ${why}; choose another file, or copy this one again.`
      return new StudioError('BAD_PROJECT', sentence, { path })
    }
    const zip = await fromFdPromise(file.fd, { autoClose: false, strictFileNames: true }).catch(
      (error: Error) => {
        throw refuse(`it is no project file, or the end of it is missing (${error.message})`)
      },
    )
    const entries = await listEntries(zip, refuse)
    const bytesOf = (name: string): Promise<Buffer> => readEntry(zip, entries, name, refuse)
    const parts = parseHashes(await bytesOf(hashesName), refuse)
    return use({
      parts,
      has: (name) => entries.has(name),
      async read(name) {
        const bytes = await bytesOf(name)
        if (sha256Of(bytes) === parts[name]?.sha256) return bytes
        throw refuse(`its part "${name}" is not what was saved`)
      },
    })
  })
}

/** Returns the name of the part that a source file becomes: its content's hash, with the ending of its name. */
export function sourcePartName(folder: SourceFolder, sha256: string, path: string): string {
  const [found = ''] = new RegExp(`${ending.source}$`).exec(extname(path).toLowerCase()) ?? []
  return `${folder}/${sha256}${found}`
}

/** Returns the name of the part with this content, whatever its ending; undefined if there is none. */
export function findSourcePart(
  { parts }: Pick<Archive, 'parts'>,
  folder: SourceFolder,
  sha256: string,
): string | undefined {
  const names = namesWithoutEnding.get(parts) ?? withoutEndings(parts)
  namesWithoutEnding.set(parts, names)
  return names.get(`${folder}/${sha256}`)
}

/** The parts of each project by their names without endings: thousands of files may be looked for in one. */
const namesWithoutEnding = new WeakMap<PartHashes, ReadonlyMap<string, string>>()

function withoutEndings(parts: PartHashes): ReadonlyMap<string, string> {
  // Reversed, so that the first of several parts is found.
  return new Map(
    Object.keys(parts)
      .reverse()
      .map((name) => [name.replace(ending, ''), name]),
  )
}

type Refuse = (why: string) => StudioError

async function listEntries(zip: ZipFile, refuse: Refuse): Promise<Map<string, Entry>> {
  if (zip.entryCount > mostParts)
    throw refuse(`it has ${zip.entryCount} parts, at most ${mostParts} are read`)
  const entries = new Map<string, Entry>()
  const parts: Entry[] = []
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName: name } = entry
      if (entries.has(name)) throw refuse(`its part "${name}" is there twice`)
      if (isLink(entry)) throw refuse(`its part "${name}" is a link`)
      const folder = folders.find(({ pattern }) => pattern.test(name))
      if (folder) {
        requireSensibleSize(entry, folder.mostBytes, refuse)
        parts.push(entry)
      }
      entries.set(name, entry)
    }
  } catch (error) {
    throw error instanceof StudioError ? error : refuse(`it is damaged (${(error as Error).message})`)
  }
  requireOwnBytes(parts, refuse)
  requireSensibleSum(parts, zip.fileSize, refuse)
  return entries
}

/** Refuses parts that share bytes: a small file could contain one large part thousands of times. */
function requireOwnBytes(parts: readonly Entry[], refuse: Refuse): void {
  const startOf = (entry: Entry) => entry.relativeOffsetOfLocalHeader
  let end = 0
  for (const entry of [...parts].sort((a, b) => startOf(a) - startOf(b))) {
    if (startOf(entry) < end) throw refuse(`its part "${entry.fileName}" overlaps another`)
    end = startOf(entry) + localHeader + entry.compressedSize
  }
}

/** Refuses a file whose parts would all together grow too much, though each of them alone may grow. */
function requireSensibleSum(parts: readonly Entry[], fileSize: number, refuse: Refuse): void {
  const bytes = parts.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
  if (bytes > mostCompression * fileSize + mostFreeGrowth)
    throw refuse(`its parts would grow ${Math.round(bytes / fileSize)} times`)
}

function requireSensibleSize(entry: Entry, mostBytes: number, refuse: Refuse): void {
  const { fileName, uncompressedSize, compressedSize, compressionMethod } = entry
  if (uncompressedSize > mostBytes) {
    throw refuse(
      `its part "${fileName}" has ${formatBytes(uncompressedSize)}, at most ${formatBytes(mostBytes)} are read`,
    )
  }
  if (compressionMethod !== 0 && growsTooMuch(uncompressedSize, compressedSize))
    throw refuse(`its part "${fileName}" would grow ${Math.round(uncompressedSize / compressedSize)} times`)
}

/** Whether a compressed part grows so much on opening that it is refused. */
export function growsTooMuch(bytes: number, compressedBytes: number): boolean {
  return bytes > megabyte && bytes > mostCompression * compressedBytes
}

/** Returns the maximum size of a part, in bytes. A name that no part has is ignored, whatever its size. */
export function mostBytesOf(name: string): number {
  return folders.find(({ pattern }) => pattern.test(name))?.mostBytes ?? Infinity
}

/** Checks the Unix file type in the upper half of a zip entry's attributes. */
function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & 0o170000) === 0o120000
}

async function readEntry(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  name: string,
  refuse: Refuse,
): Promise<Buffer> {
  const entry = entries.get(name)
  if (!entry) throw refuse(`its part "${name}" is missing`)
  try {
    return await buffer(await zip.openReadStreamPromise(entry))
  } catch (error) {
    throw refuse(`its part "${name}" is damaged (${(error as Error).message})`)
  }
}

function parseHashes(bytes: Buffer, refuse: Refuse): PartHashes {
  const listed = parseJson(bytes.toString('utf8'))
  const count = listed instanceof Object ? Object.keys(listed).length : 0
  if (count > mostParts) throw refuse(`it lists ${count} parts, at most ${mostParts} are read`)
  const parsed = partHashes.safeParse(listed)
  if (!parsed.success) throw refuse(`its part "${hashesName}" is damaged`)
  const isPart = ([name]: [string, unknown]) => folders.some(({ pattern }) => pattern.test(name))
  return Object.fromEntries(Object.entries(parsed.data).filter(isPart))
}
