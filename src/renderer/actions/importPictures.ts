import { mostPaths, type ImportReport } from '#shared/routes/app/libraryRoutes'
import { StudioError, toFailure } from '#shared/errors'
import { isModelFile, isProjectFile } from '#shared/fileKinds'
import { describePartUsed } from '#shared/partUsed'
import type { PictureInfo } from '#shared/reports'
import { pathOf, request } from '../base/api'
import { useEncoding } from '../stores/encoding'
import { pathOfItem, useLibrary, type Item, type Picture } from '../stores/library'
import { useNotices } from '../stores/notices'
import { baseName } from '#core/format/baseName'
import { edit } from './document'
import { offerOrigin } from './exportOrigin'
import { takeLatentFiles } from './latents'
import { offerModel, offerWeights } from './models'
import { noteFound } from './noteFound'
import { noteWorkToAddTo } from './openWork'
import { openProject } from './project'
import { rereadPictures } from './rereadPictures'
import { sortFiles } from './sortFiles'

/** What was read to be added together. */
interface Found {
  readonly pictures: readonly PictureInfo[]
  /** Paths of latent files. */
  readonly latents: readonly string[]
}

/**
 * Imports files, and the pictures directly inside folders, and shows which failed and why. A project file is
 * opened instead; for a single export of this program, the user can choose to open its project; for a model, a
 * notice offers to open it. Nothing is added if other work is open once the files are read. All of it is added
 * by one edit.
 *
 * @param files  pictures without a file on disk to import along with them
 */
export async function importPaths(
  paths: readonly string[],
  isOpen = noteWorkToAddTo(),
  files: readonly File[] = [],
): Promise<Picture[]> {
  const project = paths.find(isProjectFile)
  // A project replaces everything that is open, so anything imported along with it would be lost at once.
  if (project !== undefined) {
    await openProject(project)
    return []
  }
  const answer = paths.length === 1 ? await offerOrigin(paths[0]) : null
  const wanted = answer === null || answer === 'pictures' ? paths : []
  if (wanted.length + files.length === 0) return []
  // Other questions may have been answered first, so the answer is about the work that is open now.
  const isMeant = answer === 'pictures' ? noteWorkToAddTo() : isOpen
  const { pictures, latents } = await readFiles(wanted, isMeant)
  const pasted = await readPasted(files, isMeant)
  return isMeant() ? addFound({ pictures: [...pictures, ...pasted], latents }) : []
}

/**
 * Reads files that are not projects and do not lead to one, and offers what can be done with those that are neither
 * pictures nor latents.
 */
async function readFiles(paths: readonly string[], isOpen: () => boolean): Promise<Found> {
  const sorted = await sortFiles(paths)
  const { latents } = sorted
  if (!isOpen()) return { pictures: [], latents: [] }
  if (sorted.weights.length > 0) await offerWeights(sorted.weights)
  try {
    const { pictures, failures } = await readPictures(sorted.others)
    const isAbandoned = !isOpen() || (pictures.length === 0 && (await isForModel(sorted.others, failures)))
    if (isAbandoned) return { pictures: [], latents }
    notifyNotImported([...sorted.failures, ...failures])
    if (sorted.others.length > 0 && pictures.length === 0 && failures.length === 0)
      notifyNothingFound(sorted.others)
    return { pictures, latents }
  } catch (thrown) {
    useNotices().fail('No picture could be opened', thrown)
    return { pictures: [], latents }
  }
}

/** Whether a path without pictures is a model. If so, a notice offers to open it. */
async function isForModel(paths: readonly string[], failures: ImportReport['failures']): Promise<boolean> {
  const mayBe = paths.length === 1 && (failures.length === 0 || isModelFile(paths[0]))
  return mayBe && (await offerModel(paths[0]))
}

function notifyNothingFound(folders: readonly string[]): void {
  useNotices().show({
    title: folders.length === 1 ? `No pictures in “${baseName(folders[0])}”` : 'No pictures were found',
    detail: 'Pictures directly in a folder are imported; folders inside it are not looked through.',
  })
}

/**
 * Reads files, and the pictures directly inside folders.
 *
 * @param remember  whether files are listed as recently opened in the menu
 */
export async function readPictures(paths: readonly string[], remember = true): Promise<ImportReport> {
  const report: ImportReport = { pictures: [], failures: [] }
  for (let from = 0; from < paths.length; from += mostPaths) {
    const part = await request('library.import', { paths: paths.slice(from, from + mostPaths), remember })
    report.pictures.push(...part.pictures)
    report.failures.push(...part.failures)
  }
  return report
}

function notifyNotImported(failures: ImportReport['failures']): void {
  const notices = useNotices()
  if (failures.length === 1) {
    const [{ path, error }] = failures
    notices.fail(`${baseName(path)} wasn’t imported`, new StudioError(error.code, error.message))
  } else if (failures.length > 1) {
    const items = failures.map(({ path, error }) => error.message.replaceAll(path, baseName(path)))
    notices.show({ tone: 'bad', title: `${failures.length} files weren’t imported`, items })
  }
}

/** Asks for pictures, or for a folder of them. */
export async function openPictures(folders = false): Promise<void> {
  try {
    const paths = await request('dialog.openPictures', { folders })
    if (paths.length > 0) await importPaths(paths)
  } catch (thrown) {
    useNotices().fail('No picture could be opened', thrown)
  }
}

/** Imports what was dropped: files on disk by path, others (dragged from a browser) by content. */
export function importDropped(files: readonly File[]): Promise<Picture[]> {
  const isOpen = noteWorkToAddTo()
  const paths = files.map(pathOf)
  const onDisk = paths.filter((path) => path !== '')
  const loose = files.filter((_file, index) => paths[index] === '')
  return importPaths(onDisk, isOpen, loose)
}

/** Explains what to do if a picture dragged from a web page came as a URL: nothing is loaded from the web. */
export function refuseAddress(): void {
  useNotices().show({
    tone: 'bad',
    title: 'That was only the picture’s address',
    detail:
      'Slerp Studio loads nothing from the web: save the picture to a file and open that, or copy the picture and paste it here.',
  })
}

/**
 * Imports pictures that have no file. The main process saves them to files of its own. Nothing is added if other work is
 * open once they are saved.
 */
export function importPasted(files: readonly File[]): Promise<Picture[]> {
  return importPaths([], undefined, files)
}

/** Lets the main process save pictures that have no file, until other work is open. */
async function readPasted(files: readonly File[], isOpen: () => boolean): Promise<PictureInfo[]> {
  const pictures: PictureInfo[] = []
  const failures: ImportReport['failures'] = []
  for (const file of files) {
    if (!isOpen()) return []
    try {
      const bytes = new Uint8Array(await file.arrayBuffer())
      pictures.push(await request('library.paste', { name: file.name || 'Pasted picture.png', bytes }))
    } catch (thrown) {
      failures.push({ path: file.name || 'The pasted picture', error: toFailure(thrown) })
    }
  }
  notifyNotImported(failures)
  return pictures
}

/** Adds what was read in one edit, and selects it. Files that are already in the library are only selected. */
function addFound({ pictures: infos, latents: paths }: Found): Picture[] {
  const library = useLibrary()
  let added: Picture[] = []
  rereadPictures(infos)
  noteFound(infos.map(({ path }) => path))
  const { known, fresh } = takeLatentFiles(paths)
  edit(describeAdded(infos, fresh), () => {
    added = library.add(infos)
    if (fresh.length > 0) library.addLatents(fresh)
  })
  // If there were too many, the edit was reverted and they are not in the library.
  const isThere = ({ id }: Item): boolean => library.byId.has(id)
  added = added.filter(isThere)
  const latents = [...known, ...fresh].filter(isThere)
  if (added.length + latents.length > 0) library.select([...added, ...latents].map(({ id }) => id))
  useEncoding().enqueue(fresh.filter(isThere))
  if (added.length > 0) notifyPartsUsed(infos)
  return added
}

/** Completes “Undo: …”. */
function describeAdded(pictures: readonly PictureInfo[], latents: readonly Item[]): string {
  if (latents.length === 0) return pictures.length === 1 ? 'Add a picture' : 'Add pictures'
  if (pictures.length > 0) return 'Add pictures and latents'
  return latents.length === 1
    ? `Add ${baseName(pathOfItem(latents[0]))}`
    : `Add ${latents.length} latent files`
}

/** Says which files are only used in part: the first frame of an animation, the first of several pages. */
function notifyPartsUsed(infos: readonly PictureInfo[]): void {
  const sentences = infos.flatMap((info) => describePartUsed(info) ?? [])
  if (sentences.length === 0) return
  if (sentences.length === 1) return useNotices().show({ title: sentences[0] })
  const title = `Only the first frame or page of ${sentences.length} files is used`
  useNotices().show({ title, items: sentences })
}
