import { emptyDocument } from '#shared/document'
import { StudioError, toFailure } from '#shared/errors'
import { request } from '../base/api'
import { baseName } from '#core/format/baseName'
import { useDocument } from '../stores/document'
import { useModel } from '../stores/model'
import { useNotices } from '../stores/notices'
import { useProject } from '../stores/project'
import { reveal } from '../stores/reveal'
import { askAndRun } from './askAndRun'
import { edit, putDocument } from './document'
import { noteOpenWork } from './openWork'
import { showProject } from './showProject'

/**
 * Saves the project, asking for a file the first time.
 *
 * @returns whether it was written
 */
export function saveProject(): Promise<boolean> {
  return saveOpenWork(async () => {
    const { path, readOnly } = useProject()
    if (path === null || readOnly) return askAndWrite()
    return write(path)
  })
}

/**
 * Asks for a file and saves the project there from now on.
 *
 * @returns whether it was written
 */
export function saveProjectAs(): Promise<boolean> {
  return saveOpenWork(askAndWrite)
}

/** Runs a save of the open work after all saves requested before it; shows a notice if it fails. */
function saveOpenWork(save: () => Promise<boolean>): Promise<boolean> {
  const project = useProject()
  const { work } = project
  return project.saveInTurn(async () => {
    try {
      return project.work === work && (await save())
    } catch (thrown) {
      useNotices().fail('The project couldn’t be saved', thrown, {
        label: 'Save as…',
        run: () => void saveProjectAs(),
      })
      return false
    }
  })
}

/**
 * Asks for a file and saves the project there.
 *
 * @returns whether it was written: not if the user cancels, or if other work is open when the question is
 * answered
 */
async function askAndWrite(): Promise<boolean> {
  const project = useProject()
  const { work } = project
  const path = await request('dialog.saveProject', { name: project.name })
  if (path === null || project.work !== work) return false
  return write(path)
}

/**
 * Writes the project file.
 *
 * @returns whether it was written: not if other work is open once earlier writes to the same file have ended
 */
function write(path: string): Promise<boolean> {
  const project = useProject()
  const { work } = project
  return project.writeInTurn(path, async () => {
    if (project.work !== work) return false
    const written = useDocument().value
    const { leftOut } = await send(path, false)
    if (leftOut.length > 0) notifyLeftOut(leftOut)
    if (project.work !== work) return true
    project.path = path
    project.from = path
    project.saved = written
    project.readOnly = false
    return true
  })
}

/**
 * Shows which files the project was saved without because they are gone or unreadable. The document still
 * refers to them.
 */
function notifyLeftOut(files: readonly string[]): void {
  useNotices().show({
    title: `Saved without ${nameCount(files)}`,
    detail: `Missing, or neither a picture nor a latent: ${files.map(baseName).join(', ')}. Once they are back where they were, save again.`,
  })
}

function nameCount(files: readonly string[]): string {
  return files.length === 1 ? '1 file' : `${files.length} files`
}

function send(path: string, collect: boolean) {
  const project = useProject()
  const model = project.missingModel ? null : useModel().source
  return request('project.save', {
    document: project.current(),
    model,
    path,
    from: project.from,
    overwrite: true,
    collect,
  })
}

/** Continues with a copy that has no file yet. The project itself stays as it was saved. */
export function duplicateProject(): void {
  const project = useProject()
  const { name } = project
  project.work++
  project.path = null
  project.title = `${name} copy`
  project.saved = emptyDocument()
  project.readOnly = false
}

/**
 * Reverts to the saved project, as an edit that can be undone. Files that have changed on disk since then are
 * used as they are now.
 */
export function revertProject(): void {
  const { path, saved, dirty } = useProject()
  if (path === null) return
  const action = edit('Revert to saved', () => putDocument(saved), undefined, saved)
  if (action) useNotices().show({ title: 'Back to the saved version', action })
  else if (dirty) {
    useNotices().show({
      title:
        'Nothing to revert: only files on the disk or the model have changed since the project was saved',
    })
  }
}

/**
 * Writes a copy that contains everything another computer needs: pictures, latents, frames. Like a save, it
 * writes the newest state of the work that was open when it was requested, and never other work.
 */
export function collectProject(): Promise<void> {
  const { name } = useProject()
  const isOpen = noteOpenWork()
  return askAndRun<string>({
    failed: 'The project couldn’t be collected',
    ask: () => request('dialog.saveProject', { name: `${name} collected` }),
    run: async (path) => {
      if (!isOpen())
        throw new StudioError('NOT_FOUND', `“${name}” is not open any more: open it and collect it again.`)
      const { leftOut } = await send(path, true)
      if (leftOut.length === 0) return
      throw new StudioError(
        'NOT_FOUND',
        `The project is collected without ${nameCount(leftOut)}: ${leftOut.map(baseName).join(', ')}.`,
      )
    },
    done: (path) => ({
      title: 'Project collected',
      detail: path,
      action: { label: 'Show in folder', run: () => reveal(path) },
    }),
  })
}

/** Switches between storing the pictures themselves in the project file and only their paths. */
export function toggleKeepPictures(): void {
  const document = useDocument()
  const keepPictures = !document.value.keepPictures
  const label = keepPictures ? 'Keep pictures in the project' : 'Stop keeping pictures in the project'
  edit(label, () => document.change({ keepPictures }))
}

/**
 * Asks what to do with unsaved changes before other work replaces them. A save in progress ends first, unless
 * that takes too long. If the user chooses to save and makes changes during that save, the question is asked
 * again.
 *
 * @returns whether to proceed
 */
export async function mayLeave(): Promise<boolean> {
  const project = useProject()
  const hasEnded = await project.whenSaved()
  if (!project.dirty) return true
  if (!hasEnded) notifyStillSaving(project.name)
  try {
    const answer = await request('dialog.unsaved', { name: project.name })
    return answer === 'save' ? (await saveProject()) && (await mayLeave()) : answer === 'discard'
  } catch (thrown) {
    useNotices().fail('The project couldn’t be closed', toFailure(thrown))
    return false
  }
}

/** Explains why the user is asked about unsaved changes although a save was requested. */
function notifyStillSaving(name: string): void {
  useNotices().show({
    title: `“${name}” is still being saved`,
    detail:
      'Its disk has not answered for 10 seconds. If you choose Save, the studio goes on waiting for it.',
  })
}

/** Saves and then closes the window, at the request of the main process. */
export async function saveAndClose(): Promise<void> {
  if (!(await saveProject())) return
  // Otherwise the main process might still believe that there are changes.
  await showProject()
  await request('app.closeSaved', {})
}
