import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ImportReport } from '#shared/routes/app/libraryRoutes'
import { type Result, StudioError, toFailure } from '#shared/errors'
import { largestPictureFile } from '#shared/fileKinds'
import type { PictureInfo } from '#shared/reports'
import { writeAtomicFile } from '#files/atomicFile'
import { contentName } from '#files/contentName'
import { readWholeFile } from '#files/fileAccess'
import { makeFolder } from '#files/makeFolder'
import { sha256Of } from '#files/sha256'
import { listCandidates } from '../pictureFolders'
import type { RecentFiles } from '../recentFiles'
import { isDragged } from './draggedPictures'
import type { Engine, HandlersOf } from './handlers'

export interface LibraryHandlerParts {
  readonly engine: Engine
  /** Where pasted pictures are kept. */
  readonly pastedFolder: string
  /** Where pictures lie that are dragged out of the window. */
  readonly draggedFolder: string
  readonly recent: RecentFiles
}

/** Reads pictures for the library. A pasted picture is kept in a file first. */
export function libraryHandlers(parts: LibraryHandlerParts): HandlersOf<'library'> {
  return {
    async 'library.import'({ paths, remember }, { signal }) {
      const report = await importPictures(parts, paths, signal)
      const opened = report.pictures.map(({ path }) => path)
      if (remember) parts.recent.add(paths.filter((path) => opened.includes(path)))
      return report
    },

    'library.paste': ({ name, bytes }) => keepPasted(parts, name, bytes),
  }
}

async function importPictures(
  parts: LibraryHandlerParts,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ImportReport> {
  const report: ImportReport = { pictures: [], failures: [] }
  for (const path of paths) {
    try {
      await importPath(parts, path, report, signal)
    } catch (error) {
      if (signal.aborted) throw error
      report.failures.push({ path, error: toFailure(error) })
    }
  }
  return report
}

/** Adds a picture, or all pictures in a folder, to a report; files of a folder that are no pictures are left out. */
async function importPath(
  parts: LibraryHandlerParts,
  path: string,
  report: ImportReport,
  signal: AbortSignal,
): Promise<void> {
  for (const candidate of await listCandidates(path)) {
    if (signal.aborted) throw new StudioError('CANCELLED', 'The import was cancelled.')
    const result = await readPicture(parts, candidate.path, signal)
    if (result.ok) report.pictures.push(result.data)
    else if (candidate.expected) report.failures.push({ path: candidate.path, error: result.error })
  }
}

/**
 * Reads one picture. One that was dragged out of this very window is kept like a pasted picture, because its own file
 * will be deleted.
 *
 * @throws StudioError for a dragged picture that cannot be kept
 */
async function readPicture(
  parts: LibraryHandlerParts,
  path: string,
  signal: AbortSignal,
): Promise<Result<PictureInfo>> {
  if (!isDragged(parts.draggedFolder, path)) return parts.engine.request('picture.info', { path }, { signal })
  const bytes = await readWholeFile(path, largestPictureFile)
  return { ok: true, data: await keepPasted(parts, basename(path), bytes) }
}

/** Pasted pictures are named by their content, so that pasting the same one twice keeps it once. */
async function keepPasted(
  { engine, pastedFolder }: LibraryHandlerParts,
  name: string,
  bytes: Uint8Array,
): Promise<PictureInfo> {
  if (bytes.length > largestPictureFile) {
    throw new StudioError(
      'BAD_PICTURE',
      `The pasted picture has ${bytes.length} bytes, and at most ${largestPictureFile / 1e6} MB can be pasted: scale it down first.`,
    )
  }
  await makeFolder(pastedFolder)
  const path = join(pastedFolder, contentName(sha256Of(bytes), '.png'))
  const isNew = !existsSync(path)
  if (isNew) await writeAtomicFile(path, bytes, { overwrite: true })
  const result = await engine.request('picture.info', { path })
  if (result.ok) return { ...result.data, name }
  if (isNew) await rm(path, { force: true })
  throw new StudioError(result.error.code, nameThePasted(result.error.message, path))
}

/**
 * Replaces a file name in an error message: a pasted picture's file is named by its hash and already deleted,
 * so the name would mean nothing to the user.
 */
function nameThePasted(sentence: string, path: string): string {
  const named = [path, basename(path)].reduce(
    (text, name) => text.replaceAll(`"${name}"`, 'the pasted picture'),
    sentence,
  )
  return named.charAt(0).toUpperCase() + named.slice(1)
}
