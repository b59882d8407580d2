import type { AppState, LastWork } from '#shared/app'
import { on, request } from '../base/api'
import { useModel } from '../stores/model'
import { useNotices } from '../stores/notices'
import { usePreferences } from '../stores/preferences'
import { useRecovery } from '../stores/recovery'
import { useSamples } from '../stores/samples'
import { runCommand } from './commands'
import { importPaths } from './importPictures'
import { freshDocument, putWork, readProject, tellProblems, type NewWork } from './project'
import { saveAndClose } from './saveProject'

let started: Promise<void> = Promise.resolve()

/** Settles when the work of last time is there: what is dropped or pasted earlier would be replaced by it. */
export const whenStarted = (): Promise<void> => started

/** Fills the stores with what the main process has, and listens to it from then on. */
export async function startUp(): Promise<void> {
  started = fill()
  on('engine', (state) => (useModel().engine = state))
  on('saveAndClose', () => void saveAndClose())
  // Work that comes back takes the place of all that is there, so what is done and opened meanwhile waits for it.
  on('menu', (command) => void started.then(() => runCommand(command)))
  on('openFiles', ({ paths }) => void started.then(() => importPaths(paths)))
  await started
}

async function fill(): Promise<void> {
  const state = await request('app.state', {})
  usePreferences().load(state.preferences)
  useModel().devices = state.devices
  useModel().info = state.model
  useSamples().infos = state.samples
  putWork(await workOf(state))
  for (const title of state.notices) useNotices().show({ title })
}

/** What the window begins with: the work of last time where there is any. After a crash that is offered first. */
async function workOf({ work }: AppState): Promise<NewWork> {
  if (!work) return { document: freshDocument(), path: null }
  const wanted = !work.dirty || !work.crashed || (await useRecovery().offer(work))
  const project = await readBack(work)
  if (project && !(work.dirty && wanted)) return project
  if (!wanted) return { document: freshDocument(), path: null }
  tellProblems(work.problems)
  const { missing } = work
  // What the file brings now may be more than what it brought when it was opened then.
  const { projectResults } = project?.document ?? work.document
  const document = { ...work.document, projectResults }
  const saved = project?.document ?? freshDocument()
  return { document, path: project?.path ?? null, from: work.path, saved, missing }
}

/** The project that the work belongs to, as its file has it; null without one, or where it cannot be opened any more. */
async function readBack({ path }: LastWork): Promise<NewWork | null> {
  if (path === null) return null
  try {
    return await readProject(path)
  } catch (thrown) {
    useNotices().fail('Your last project couldn’t be opened', thrown)
    return null
  }
}
