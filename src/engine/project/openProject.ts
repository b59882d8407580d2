import { dirname, extname, join } from 'node:path'
import { formatCount, plural } from '#core/format/quantities'
import { StudioError, toFailure } from '#shared/errors'
import { readDocument, type ReadDocument } from '#shared/readDocument'
import type { ProjectOpened } from '#shared/project'
import type { ComputeInfo } from '#shared/reports'
import { writeAtomicFile } from '#files/atomicFile'
import { contentName } from '#files/contentName'
import type { ResultStore } from '#files/ContentCache'
import { makeFolder } from '#files/makeFolder'
import { sha256Of } from '#files/sha256'
import type { Pictures } from '../image/Pictures'
import { broughtBy, keptKey } from '../job/KeptMemo'
import { computeOfEncoding } from '../latent/keptTensors'
import { documentName, findSourcePart, withArchive, type Archive } from './archive'
import { findFiles } from './findFiles'
import { withoutForeignShares } from './foreignShares'
import { isWholeResult, partNameOf, readPartKey } from './keptParts'
import { parseJson } from './parseJson'

/** Everything that opening a project needs. */
export interface OpenSources {
  readonly disk: ResultStore | undefined
  readonly pictures: Pictures
  readonly signal: AbortSignal
}

/** The folders that opening a project involves, besides the project's own. */
export interface OpenPlaces {
  /** For pictures that exist only in the project. */
  readonly unpackTo: string
  /** Folders that the user has opened files from: see {@link withoutForeignShares}. */
  readonly knownFolders: readonly string[]
  readonly resources?: string | undefined
}

/**
 * Opens a project file: verifies every part by its checksum, stores its cached latents and frames where they
 * are looked up, and searches for the pictures. A damaged part is left out; without an intact document there
 * is no project.
 *
 * @throws StudioError BAD_PROJECT, NOT_FOUND or UNREADABLE
 */
export function openProject(
  { disk, pictures, signal }: OpenSources,
  path: string,
  { unpackTo, knownFolders, resources }: OpenPlaces,
): Promise<ProjectOpened> {
  return withArchive(path, async (archive) => {
    const { problems, newer, ...read } = await documentOf(path, archive)
    const folder = dirname(path)
    const document = withoutForeignShares(read.document, { folder, knownFolders })
    const projectResults = sha256Of(Buffer.from(JSON.stringify(archive.parts)))
    const computes = new Map<string, ComputeInfo>()
    const damaged = await takeResults(archive, disk, { signal, projectResults, computes })
    const unpacking = unpackWherePossible(archive, unpackTo)
    const { unpack } = unpacking
    const found = await findFiles(document, pictures, signal, { folder, others: [], resources, unpack })
    const opened = { ...found.document, projectResults }
    return {
      path,
      missing: found.missing,
      document: opened,
      problems: [...problems, ...damaged, ...unpacking.problems, ...found.problems],
      newer,
      computes: [...computes.values()],
    }
  })
}

const wayBack = 'Open the previous version next to it, if there is one.'

/**
 * Reads the document of a project.
 *
 * @throws StudioError BAD_PROJECT if it is missing or damaged
 */
export async function documentOf(path: string, archive: Archive): Promise<ReadDocument> {
  const json = parseJson((await archive.read(documentName)).toString('utf8'))
  if (json === undefined) {
    throw new StudioError(
      'BAD_PROJECT',
      `Cannot open "${path}": its part "${documentName}" is not valid JSON. ${wayBack}`,
      { path },
    )
  }
  try {
    return readDocument(json)
  } catch (error) {
    if (!(error instanceof StudioError)) throw error
    throw new StudioError(error.code, `Cannot open "${path}". ${error.message} ${wayBack}`, { path })
  }
}

interface Taking {
  readonly signal: AbortSignal
  readonly projectResults: string
  readonly computes: Map<string, ComputeInfo>
}

/**
 * Verifies every part and stores the results among them. They are stored as this project's own and are
 * invisible to other work, because nothing proves that they are what their keys say. Adds to `computes` what
 * computed the latents. Returns a sentence for each part that is left out, and one for all that are not there.
 */
async function takeResults(
  archive: Archive,
  disk: ResultStore | undefined,
  taking: Taking,
): Promise<string[]> {
  const names = Object.keys(archive.parts)
  const present = names.filter((name) => archive.has(name) && name !== documentName)
  const problems = describeAbsent(names.filter((name) => !archive.has(name)).length)
  for (const name of present) {
    taking.signal.throwIfAborted()
    const problem = await takeResult(archive, name, disk, taking)
    if (problem !== null) problems.push(problem)
  }
  return problems
}

/** Verifies one part and stores its result, if it has one. Returns why the part is left out, or null. */
async function takeResult(
  archive: Archive,
  name: string,
  disk: ResultStore | undefined,
  { projectResults, computes }: Taking,
): Promise<string | null> {
  const bytes = await archive.read(name).catch(() => null)
  if (!bytes) return `The part “${name}” is damaged and left out.`
  const { key } = archive.parts[name]
  if (key === undefined) return null
  const part = readPartKey(key)
  if (part === null || partNameOf(part) !== name || !isWholeResult(part, bytes)) {
    return `The part “${name}” is not what it says it is, and is left out.`
  }
  const compute = part.kind === 'encoding' ? computeOfEncoding(bytes) : null
  if (compute) computes.set(JSON.stringify(compute), compute)
  const kept = keptKey(part.kind, part.name, broughtBy(projectResults))
  if (disk && !(await disk.read(kept))) await disk.write(kept, bytes)
  return null
}

/**
 * Returns one sentence about all parts that the file lists but does not contain, since there may be a hundred
 * thousand.
 */
export function describeAbsent(count: number): string[] {
  if (count === 0) return []
  const parts = `${formatCount(count)} ${plural(count, 'part')}`
  return [`${parts} of the project ${plural(count, 'is', 'are')} missing from its file and left out.`]
}

/**
 * Unpacks files until one cannot be written: a full disk must not keep the project from being opened. Its files are
 * then missing, and the reason is reported once.
 */
export function unpackWherePossible(archive: Archive, folder: string) {
  const problems: string[] = []
  const unpack = async (sha256: string): Promise<string | null> => {
    if (problems.length > 0) return null
    try {
      return await unpackSource(archive, sha256, folder)
    } catch (error) {
      const { code, message } = toFailure(error)
      if (code !== 'UNWRITABLE') throw error
      problems.push(`Files that only the project contains are missing. ${message}`)
      return null
    }
  }
  return { unpack, problems }
}

/**
 * Writes the source file with this content into a folder, named by its hash; returns null if the project does
 * not contain it.
 */
export async function unpackSource(archive: Archive, sha256: string, folder: string): Promise<string | null> {
  // The hash comes from the document and becomes a file name.
  if (!/^[0-9a-f]{64}$/.test(sha256)) return null
  const name = findSourcePart(archive, 'pictures', sha256) ?? findSourcePart(archive, 'latents', sha256)
  const bytes = name === undefined ? null : await archive.read(name).catch(() => null)
  if (name === undefined || !bytes || sha256Of(bytes) !== sha256) return null
  const path = join(folder, contentName(sha256, extname(name)))
  await makeFolder(folder)
  await writeAtomicFile(path, bytes, { overwrite: true })
  return path
}
