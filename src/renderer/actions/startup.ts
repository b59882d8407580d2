import type { AppState, LastWork, MenuCommand } from '#shared/app'
import { emptyDocument } from '#shared/document'
import { on, request } from '../base/api'
import { commitFocusedField } from '../base/commitFocusedField'
import { useModel } from '../stores/model'
import { useNotices } from '../stores/notices'
import { usePreferences } from '../stores/preferences'
import { useRecovery } from '../stores/recovery'
import { useSamples } from '../stores/samples'
import { runCommand } from './commands'
import { importPaths } from './importPictures'
import { freshDocument, putWork, readProject, notifyProblems, type NewWork } from './project'
import { saveAndClose } from './saveProject'
import { isDialogOpen } from './shortcuts'

let started: Promise<void> = Promise.resolve()

/**
 * Resolves when the work of the last session is restored. Restoring replaces anything that was dropped or
 * pasted before.
 */
export const whenStarted = (): Promise<void> => started

/** Fills the stores with the state of the main process, and listens to its events from then on. */
export async function startUp(): Promise<void> {
  started = fill()
  on('engine', (state) => (useModel().engine = state))
  on('saveAndClose', () => {
    commitFocusedField()
    void saveAndClose()
  })
  // Restored work replaces everything that is open, so anything done or opened meanwhile waits for it.
  on('menu', (command) => void started.then(() => isDialogOpen() || runMenuCommand(command)))
  // These are opened even while a dialog is open: they may come from the system, which does not ask twice, and
  // not only from Open Recent.
  on('openFiles', ({ paths }) => {
    commitFocusedField()
    void started.then(() => importPaths(paths))
  })
  await started
}

function runMenuCommand(command: MenuCommand): void {
  commitFocusedField()
  runCommand(command)
}

async function fill(): Promise<void> {
  const state = await request('app.state', {})
  usePreferences().load(state.preferences)
  useModel().devices = state.devices
  useModel().info = state.model
  useSamples().infos = state.samples
  putWork(await workOf(state))
  // Something is not as the user left it, so the message stays until it is seen.
  for (const title of state.notices) useNotices().show({ tone: 'bad', title })
}

/** Returns the work to start with: that of the last session, if any. After a crash, the user is asked first. */
async function workOf({ work }: AppState): Promise<NewWork> {
  if (!work) return { document: freshDocument(), path: null }
  const wanted = !work.dirty || !work.crashed || (await useRecovery().offer(work))
  const project = await readBack(work)
  if (project && !(work.dirty && wanted)) return project
  if (!wanted) return { document: freshDocument(), path: null }
  notifyProblems(work.problems)
  const { missing } = work
  // The file may hold more results now than when the work was opened.
  const { projectResults } = project?.document ?? work.document
  const document = { ...work.document, projectResults }
  const isAsStarted = work.path === null && !work.dirty
  const saved = project?.document ?? (isAsStarted ? document : emptyDocument())
  const { path = null, readOnly, title = work.name } = project ?? {}
  return { document, path, from: work.from ?? work.path, saved, missing, readOnly, title }
}

/** Reads the project file that the work belongs to; null if there is none or it cannot be opened any more. */
async function readBack({ path }: LastWork): Promise<NewWork | null> {
  if (path === null) return null
  try {
    return await readProject(path)
  } catch (thrown) {
    useNotices().fail('Your last project couldn’t be opened', thrown)
    return null
  }
}
