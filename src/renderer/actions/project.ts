import { untitled } from '#shared/app'
import { emptyDocument, type StudioDocument } from '#shared/document'
import type { ExportOrigin } from '#shared/project'
import { request } from '../base/api'
import { baseName } from '#core/format/baseName'
import { useLastRead } from '../stores/lastRead'
import { titleOf, useLibrary } from '../stores/library'
import { useMissing } from '../stores/missing'
import { useNotices } from '../stores/notices'
import { useDocument } from '../stores/document'
import { usePlayer } from '../stores/player'
import { useProject } from '../stores/project'
import { useSamples } from '../stores/samples'
import { useSettings } from '../stores/settings'
import { useWorkspace } from '../stores/workspace'
import { locate } from './locate'
import { askAndRun } from './askAndRun'
import { putDocument } from './document'
import { history } from './history'
import { noteOpenWork } from './openWork'
import { findModel } from './projectModel'
import { mayLeave, revertProject } from './saveProject'
import { showProject } from './showProject'

/** Work that replaces what is currently open. */
export interface NewWork {
  readonly document: StudioDocument
  /** Its project file; null for work that was never saved. */
  readonly path: string | null
  /** For a copy without a file of its own: the project file that it was opened from. */
  readonly from?: string | null
  /** The document as it is in that file; left out if identical. */
  readonly saved?: StudioDocument
  readonly missing?: readonly string[]
  readonly readOnly?: boolean
  /** The name of work without a file. */
  readonly title?: string
}

/** Cancels the reading of a project that is to replace the open work. */
let reading = new AbortController()

/** Replaces the open work and discards its history. If a project is still being read, that is cancelled. */
export function putWork({ document, path, from, saved, missing, readOnly, title }: NewWork): void {
  const project = useProject()
  reading.abort()
  project.opened++
  project.work++
  useMissing().paths = new Set(missing)
  useLibrary().select([])
  useLastRead().forget()
  putDocument(document)
  project.path = path
  project.from = from ?? path
  project.title = title ?? untitled
  project.saved = saved ?? document
  project.readOnly = readOnly ?? false
  useWorkspace().view = document.view.view
  usePlayer().seek(document.view.playhead)
  history.clear()
  void findModel(document.model)
  if (missing?.length) notifyMissing(missing)
}

function notifyMissing(paths: readonly string[]): void {
  const one = paths.length === 1
  const first = useLibrary().items.find(useMissing().isMissing)
  const isOpen = noteOpenWork()
  useNotices().show({
    tone: 'bad',
    title: one ? `${baseName(paths[0])} is missing` : `${paths.length} files are missing`,
    detail: `${one ? 'It keeps its' : 'They keep their'} place in the film.`,
    items: one ? [] : [...paths],
    action: first ? { label: 'Locate…', run: () => void locate(first, isOpen) } : null,
  })
}

/** Returns the document of a fresh start: the sample pictures, and the open model's Standard preset. */
export function freshDocument(): StudioDocument {
  const { encode, decode } = useSettings().presets.find(({ id }) => id === 'standard')!
  return { ...emptyDocument(), encode, decode, pictures: useSamples().pictures }
}

/** Starts new work. */
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

/** Opens a project; shows an error if that fails. */
export async function openProject(path: string): Promise<void> {
  try {
    await open(path)
  } catch (thrown) {
    useNotices().fail('The project couldn’t be opened', thrown)
  }
}

async function open(path: string): Promise<void> {
  const project = useProject()
  if (project.path === path && project.dirty) await stayWith(project.name)
  else if (await mayLeave()) await load(path)
}

/** Says that the project is open with unsaved changes, and offers to revert to its file. */
async function stayWith(name: string): Promise<void> {
  const project = useProject()
  const { work } = project
  useNotices().show({
    title: `${name} is already open`,
    detail: 'It has changes that are not saved yet.',
    action: { label: 'Revert to saved', run: () => project.work === work && revertProject() },
  })
  reading.abort()
  await showProject()
}

/**
 * Reads a project and opens it. Of several projects opened in quick succession, the last one is shown, however
 * long each takes to read. If the open work was edited meanwhile, the user is asked about it again.
 */
async function load(path: string): Promise<void> {
  reading.abort()
  reading = new AbortController()
  const { signal } = reading
  const before = useDocument().value
  const work = await readProject(path, signal)
  const mayReplace = useDocument().value === before || (await mayLeave())
  if (signal.aborted) return
  if (mayReplace) putWork(work)
  else await showProject()
}

/** Opens the project that an export came from, as work without a file. */
export async function openExport({ document, missing, problems }: ExportOrigin, path: string): Promise<void> {
  if (!(await mayLeave())) return
  notifyProblems(problems, 'exported')
  putWork({ document, path: null, saved: emptyDocument(), missing, title: titleOf(baseName(path)) })
}

/** Reads a project. If another program has it open, the result is a copy without a file. */
export async function readProject(path: string, signal?: AbortSignal): Promise<NewWork> {
  const { document, missing, problems, newer, heldBy } = await request('project.open', { path }, { signal })
  notifyProblems(problems)
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
  return { document, path: null, from: path, saved: emptyDocument(), missing, title: `${name} copy` }
}

/**
 * Shows which parts of a document are not as they were, and why: they could not be read, do not match their
 * files, or are not allowed in a project.
 *
 * @param made  how the document came to be in its file
 */
export function notifyProblems(problems: readonly string[], made: 'saved' | 'exported' = 'saved'): void {
  if (problems.length === 0) return
  const one = problems.length === 1
  useNotices().show({
    tone: 'bad',
    title: one
      ? `1 part of the project isn’t as it was ${made}`
      : `${problems.length} parts of the project aren’t as they were ${made}`,
    detail: 'Everything else is unchanged.',
    items: [...problems],
  })
}
