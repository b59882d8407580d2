import { mkdir } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { StudioError } from '#shared/errors'
import { readDocument, type ReadDocument } from '#shared/readDocument'
import type { ProjectOpened } from '#shared/project'
import { writeAtomicFile } from '#files/atomicFile'
import type { ResultStore } from '#files/ContentCache'
import type { Pictures } from '../image/Pictures'
import { documentName, sha256Of, withArchive, type Archive } from './archive'
import { findFiles } from './findFiles'
import { isWholeResult, partOfKey } from './keptParts'
import { parseJson } from './parseJson'

/** What opening draws on. */
export interface OpenSources {
  readonly disk: ResultStore | undefined
  readonly pictures: Pictures
  readonly signal: AbortSignal
}

/**
 * Opens a project file: proves every part by its checksum, puts kept latents and frames where they are looked for, and
 * looks for the pictures. A damaged part costs that part; without a whole document there is no project.
 *
 * @param unpackTo  folder for the pictures that are found nowhere but in the project
 * @throws StudioError BAD_PROJECT, NOT_FOUND or UNREADABLE
 */
export function openProject(
  { disk, pictures, signal }: OpenSources,
  path: string,
  unpackTo: string,
): Promise<ProjectOpened> {
  return withArchive(path, async (archive) => {
    const { document, problems, newer } = await documentOf(path, archive)
    const damaged = await takeResults(archive, disk, signal)
    const found = await findFiles(document, pictures, signal, {
      folder: dirname(path),
      others: [],
      unpack: (sha256) => unpackSource(archive, sha256, unpackTo),
    })
    return { path, ...found, problems: [...problems, ...damaged], newer }
  })
}

async function documentOf(path: string, archive: Archive): Promise<ReadDocument> {
  const json = parseJson((await archive.read(documentName)).toString('utf8'))
  if (json === undefined) {
    throw new StudioError(
      'BAD_PROJECT',
      `Cannot open "${path}": its part "${documentName}" is no usable JSON.`,
      {
        path,
      },
    )
  }
  try {
    return readDocument(json)
  } catch (error) {
    if (!(error instanceof StudioError)) throw error
    throw new StudioError(error.code, `Cannot open "${path}". ${error.message}`, { path })
  }
}

/** Proves every part; keeps the results among them, unless they are kept already. Answers what was damaged. */
async function takeResults(
  archive: Archive,
  disk: ResultStore | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const problems: string[] = []
  for (const [name, { key }] of Object.entries(archive.parts)) {
    signal.throwIfAborted()
    if (name === documentName) continue
    const bytes = await archive.read(name).catch(() => null)
    if (!bytes) problems.push(`The part “${name}” is damaged and left out.`)
    else if (key !== undefined) {
      if (partOfKey(key) !== name || !isWholeResult(key, bytes)) {
        problems.push(`The part “${name}” is not what it says it is, and is left out.`)
      } else if (disk && !(await disk.read(key))) await disk.write(key, bytes)
    }
  }
  return problems
}

/** Writes the source with this content into a folder, by its content; null where the project does not hold it. */
async function unpackSource(archive: Archive, sha256: string, folder: string): Promise<string | null> {
  // It comes out of the document and becomes a file name.
  if (!/^[0-9a-f]{64}$/.test(sha256)) return null
  const starts = [`pictures/${sha256}`, `latents/${sha256}`]
  const name = Object.keys(archive.parts).find((one) => starts.some((start) => one.startsWith(start)))
  const bytes = name === undefined ? null : await archive.read(name).catch(() => null)
  if (name === undefined || !bytes || sha256Of(bytes) !== sha256) return null
  const path = join(folder, `${sha256}${extname(name)}`)
  await mkdir(folder, { recursive: true })
  await writeAtomicFile(path, bytes, { overwrite: true })
  return path
}
