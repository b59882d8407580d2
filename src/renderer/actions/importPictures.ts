import { mostPaths, type ImportReport } from '#shared/routes/app/libraryRoutes'
import { StudioError, toFailure } from '#shared/errors'
import { isModelFile, isProjectFile } from '#shared/fileKinds'
import { describePartUsed } from '#shared/partUsed'
import type { PictureInfo } from '#shared/reports'
import { pathOf, request } from '../base/api'
import { useLibrary, type Picture } from '../stores/library'
import { useNotices } from '../stores/notices'
import { baseName } from '#core/format/baseName'
import { edit } from './document'
import { offerOrigin } from './exportOrigin'
import { addLatentFiles } from './latents'
import { offerModel, offerWeights } from './models'
import { noteFound } from './noteFound'
import { noteWorkToAddTo } from './openWork'
import { openProject } from './project'
import { rereadPictures } from './rereadPictures'
import { sortFiles } from './sortFiles'

/**
 * Imports files, and the pictures directly inside folders, and shows which failed and why. A project file is
 * opened instead; for a single export of this program, the user can choose to open its project; for a model, a
 * notice offers to open it. Nothing is added if other work is open once the files are read.
 */
export async function importPaths(paths: readonly string[], isOpen = noteWorkToAddTo()): Promise<Picture[]> {
  const project = paths.find(isProjectFile)
  // A project replaces everything that is open, so anything imported along with it would be lost at once.
  if (project !== undefined) {
    await openProject(project)
    return []
  }
  const answer = paths.length === 1 ? await offerOrigin(paths[0]) : null
  if (answer === null) return importFiles(paths, isOpen)
  // Other questions may have been answered first, so the answer is about the work that is open now.
  return answer === 'pictures' ? importFiles(paths, noteWorkToAddTo()) : []
}

/** Imports files that are not projects and do not lead to one. */
async function importFiles(paths: readonly string[], isOpen: () => boolean): Promise<Picture[]> {
  const sorted = await sortFiles(paths)
  if (!isOpen()) return []
  if (sorted.latents.length > 0) addLatentFiles(sorted.latents)
  if (sorted.weights.length > 0) await offerWeights(sorted.weights)
  try {
    const { pictures, failures } = await readPictures(sorted.others)
    if (!isOpen()) return []
    if (pictures.length === 0 && (await isForModel(sorted.others, failures))) return []
    notifyNotImported([...sorted.failures, ...failures])
    if (sorted.others.length > 0 && pictures.length === 0 && failures.length === 0)
      notifyNothingFound(sorted.others)
    return addPictures(pictures)
  } catch (thrown) {
    useNotices().fail('No picture could be opened', thrown)
    return []
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
export async function importDropped(files: readonly File[]): Promise<Picture[]> {
  const isOpen = noteWorkToAddTo()
  const paths = files.map(pathOf)
  const onDisk = paths.filter((path) => path !== '')
  const loose = files.filter((_file, index) => paths[index] === '')
  const fromDisk = onDisk.length > 0 ? await importPaths(onDisk, isOpen) : []
  return [...fromDisk, ...(await importPasted(loose, isOpen))]
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
export async function importPasted(files: readonly File[], isOpen = noteWorkToAddTo()): Promise<Picture[]> {
  const pictures: PictureInfo[] = []
  const failures: ImportReport['failures'] = []
  for (const file of files) {
    try {
      const bytes = new Uint8Array(await file.arrayBuffer())
      const info = await request('library.paste', { name: file.name || 'Pasted picture.png', bytes })
      if (!isOpen()) return []
      pictures.push(info)
    } catch (thrown) {
      failures.push({ path: file.name || 'The pasted picture', error: toFailure(thrown) })
    }
  }
  notifyNotImported(failures)
  return addPictures(pictures)
}

function addPictures(infos: readonly PictureInfo[]): Picture[] {
  const library = useLibrary()
  let added: Picture[] = []
  rereadPictures(infos)
  noteFound(infos.map(({ path }) => path))
  edit(infos.length === 1 ? 'Add a picture' : 'Add pictures', () => (added = library.add(infos)))
  // If there were too many pictures, the edit was reverted and they are not in the library.
  added = added.filter(({ id }) => library.byId.has(id))
  if (added.length === 0) return []
  library.select(added.map(({ id }) => id))
  notifyPartsUsed(infos)
  return added
}

/** Says which files are only used in part: the first frame of an animation, the first of several pages. */
function notifyPartsUsed(infos: readonly PictureInfo[]): void {
  const sentences = infos.flatMap((info) => describePartUsed(info) ?? [])
  if (sentences.length === 0) return
  if (sentences.length === 1) return useNotices().show({ title: sentences[0] })
  const title = `Only the first frame or page of ${sentences.length} files is used`
  useNotices().show({ title, items: sentences })
}
