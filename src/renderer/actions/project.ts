import type { StudioDocument } from '#shared/document'
import { emptyDocument } from '#shared/document'
import { StudioError, toFailure } from '#shared/errors'
import { request } from '../base/api'
import { baseName } from '../labels/baseName'
import { useDocument } from '../stores/document'
import { useLibrary } from '../stores/library'
import { useMissing } from '../stores/missing'
import { useModel } from '../stores/model'
import { useNotices } from '../stores/notices'
import { usePlayer } from '../stores/player'
import { useProject } from '../stores/project'
import { reveal } from '../stores/reveal'
import { useSamples } from '../stores/samples'
import { useWorkspace } from '../stores/workspace'
import { askAndRun } from './askAndRun'
import { edit, putDocument } from './document'
import { history } from './history'
import { findModel } from './projectModel'

/** Work that comes onto the table in the place of what is there. */
export interface NewWork {
  readonly document: StudioDocument
  /** Its project file; null for work that was never saved. */
  readonly path: string | null
  /** The document as that file has it; left out where it is this one. */
  readonly saved?: StudioDocument
  readonly missing?: readonly string[]
  readonly readOnly?: boolean
  /** What work without a file is called. */
  readonly title?: string
}

/** Puts work on the table. What was there is gone, its history too. */
export function putWork({ document, path, saved, missing, readOnly, title }: NewWork): void {
  const project = useProject()
  useMissing().paths = new Set(missing)
  useLibrary().select([])
  putDocument(document)
  project.path = path
  project.title = title ?? 'Untitled'
  project.saved = saved ?? document
  project.readOnly = readOnly ?? false
  useWorkspace().view = document.view.view
  usePlayer().seek(document.view.playhead)
  history.clear()
  void findModel(document.model)
  if (missing?.length) tellMissing(missing)
}

function tellMissing(paths: readonly string[]): void {
  const one = paths.length === 1
  useNotices().show({
    tone: 'bad',
    title: one ? `${baseName(paths[0])} is missing` : `${paths.length} files are missing`,
    detail: `${one ? 'It keeps its' : 'They keep their'} place. Select ${one ? 'it' : 'one of them'} and choose Locate.`,
    items: one ? [] : [...paths],
  })
}

/** The work of a start with nothing done: the sample pictures. */
export function freshDocument(): StudioDocument {
  return { ...emptyDocument(), pictures: useSamples().pictures }
}

/** Begins new work. */
export async function newProject(): Promise<void> {
  if (await mayLeave()) putWork({ document: freshDocument(), path: null })
}

/** Asks for a project and opens it. */
export function chooseProject(): Promise<void> {
  return askAndRun({
    failed: 'The project couldn’t be opened',
    ask: () => request('dialog.openProject', {}),
    run: open,
  })
}

/** Opens a project; says so when it cannot be. */
export async function openProject(path: string): Promise<void> {
  try {
    await open(path)
  } catch (thrown) {
    useNotices().fail('The project couldn’t be opened', thrown)
  }
}

async function open(path: string): Promise<void> {
  if (await mayLeave()) await load(path)
}

async function load(path: string): Promise<void> {
  putWork(await readProject(path))
}

/** What opening a project puts on the table: a copy without a file where another program has it open. */
export async function readProject(path: string): Promise<NewWork> {
  const { document, missing, problems, newer, heldBy } = await request('project.open', { path })
  tellProblems(problems)
  const name = baseName(path).replace(/\.slerp$/i, '')
  if (newer) {
    useNotices().show({
      title: `${name} was made by a newer version`,
      detail: 'Save your changes under another name: what only the newer version knows would be lost.',
    })
  }
  if (heldBy === null) return { document, path, missing, readOnly: newer }
  useNotices().show({
    title: `${name} is open elsewhere`,
    detail: `It is in use by ${heldBy}, so a copy was opened.`,
  })
  return { document, path: null, saved: emptyDocument(), missing, title: `${name} copy` }
}

/** Says what of a document could not be read. */
export function tellProblems(problems: readonly string[]): void {
  if (problems.length === 0) return
  const title =
    problems.length === 1 ? '1 value couldn’t be read' : `${problems.length} values couldn’t be read`
  useNotices().show({ tone: 'bad', title, detail: 'Everything else is there.', items: [...problems] })
}

/** Saves the project, asking where to the first time. Answers whether it is saved now. */
export async function saveProject(): Promise<boolean> {
  const { path, readOnly, dirty, saved } = useProject()
  if (path === null || readOnly) return saveProjectAs()
  await attempt(() => write(path, true))
  return !useProject().dirty || (!dirty && saved === useProject().saved)
}

/** Asks where to, and saves the project there from now on. Answers whether it is saved now. */
export async function saveProjectAs(): Promise<boolean> {
  const project = useProject()
  let done = false
  await attempt(async () => {
    const path = await request('dialog.saveProject', { name: project.name })
    if (path === null) return
    await write(path, true)
    done = true
  })
  return done
}

async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    useNotices().fail('The project couldn’t be saved', thrown, {
      label: 'Save as…',
      run: () => void saveProjectAs(),
    })
  }
}

async function write(path: string, overwrite: boolean): Promise<void> {
  const project = useProject()
  if (project.saving) return
  project.saving = true
  try {
    const written = useDocument().value
    await send(path, overwrite, false)
    project.path = path
    project.saved = written
    project.readOnly = false
  } finally {
    project.saving = false
  }
}

function send(path: string, overwrite: boolean, collect: boolean) {
  const project = useProject()
  const model = project.missingModel ? null : useModel().source
  return request('project.save', {
    document: project.current(),
    model,
    path,
    from: project.path,
    overwrite,
    collect,
  })
}

/** Goes on with a copy that has no file yet; the project itself stays as it was saved. */
export function duplicateProject(): void {
  const project = useProject()
  const { name } = project
  project.path = null
  project.title = `${name} copy`
  project.saved = emptyDocument()
  project.readOnly = false
}

/** Goes back to the project as it was saved; that can be undone. */
export function revertProject(): void {
  const { path, saved } = useProject()
  if (path === null) return
  const action = edit('Revert to saved', () => putDocument(saved))
  if (action) useNotices().show({ title: 'Back to the saved version', action })
}

/** Writes a copy that holds everything another computer needs: pictures, latents, frames. */
export function collectProject(): Promise<void> {
  return askAndRun<string>({
    failed: 'The project couldn’t be collected',
    ask: () => request('dialog.saveProject', { name: `${useProject().name} collected` }),
    run: async (path) => {
      const { leftOut } = await send(path, true, true)
      if (leftOut.length === 0) return
      const what = leftOut.length === 1 ? '1 missing file' : `${leftOut.length} missing files`
      throw new StudioError(
        'NOT_FOUND',
        `The project is collected without ${what}: ${leftOut.map(baseName).join(', ')}.`,
      )
    },
    done: (path) => ({
      title: 'Project collected',
      detail: path,
      action: { label: 'Show in folder', run: () => reveal(path) },
    }),
  })
}

/** Has the project file hold the pictures themselves, or only where they are. */
export function toggleKeepPictures(): void {
  const document = useDocument()
  edit('Keep pictures in the project', () => document.change({ keepPictures: !document.value.keepPictures }))
}

/** Asks what becomes of changes that no file has, before something takes their place. */
async function mayLeave(): Promise<boolean> {
  const project = useProject()
  if (!project.dirty) return true
  try {
    const answer = await request('dialog.unsaved', { name: project.name })
    return answer === 'save' ? await saveProject() : answer === 'discard'
  } catch (thrown) {
    useNotices().fail('The project couldn’t be closed', toFailure(thrown))
    return false
  }
}

/** Saves and then closes the window, which main asked for. */
export async function saveAndClose(): Promise<void> {
  if (await saveProject()) window.close()
}
