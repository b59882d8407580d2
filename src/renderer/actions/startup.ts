import type { Session } from '#shared/app'
import type { PictureInfo } from '#shared/reports'
import { on, request } from '../base/api'
import { useLibrary } from '../stores/library'
import { useModel } from '../stores/model'
import { useNotices } from '../stores/notices'
import { usePreferences } from '../stores/preferences'
import { runCommand } from './commands'
import { fromSession, putDocument } from './document'
import { history } from './history'
import { importPaths, readPictures } from './importPictures'

/** Fills the stores with what the main process has, and listens to it from then on. */
export async function startUp(): Promise<void> {
  listen()
  const state = await request('app.state', {})
  usePreferences().load(state.preferences)
  useModel().devices = state.devices
  useModel().info = state.model
  if (state.session) await restore(state.session, state.samples)
  else useLibrary().add(state.samples)
  // What was opened meanwhile was an edit of an empty document: to take it back would empty this one.
  history.clear()
  for (const title of state.notices) useNotices().show({ title })
}

function listen(): void {
  on('engine', (state) => (useModel().engine = state))
  on('menu', runCommand)
  on('openFiles', ({ paths }) => void importPaths(paths))
}

async function restore(session: Session, samples: readonly PictureInfo[]): Promise<void> {
  const library = useLibrary()
  const known = new Map(samples.map((info) => [info.path, info]))
  const unknown = session.pictures.map(({ path }) => path).filter((path) => !known.has(path))
  for (const info of await findAgain(unknown)) known.set(info.path, info)
  // Files the app was opened with, or dropped on it meanwhile.
  const early = library.pictures.filter(
    ({ info }) => !session.pictures.some(({ path }) => path === info.path),
  )
  library.add(session.pictures.flatMap(({ path }) => known.get(path) ?? []))
  const found = session.pictures.flatMap(({ path, name, fit, restandardise }, index) => {
    const picture = library.pictures.find(({ info }) => info.path === path)
    return picture ? [[index, { ...picture, name, fit, restandardise }] as const] : []
  })
  const document = fromSession(session, new Map(found))
  putDocument({ ...document, pictures: [...document.pictures, ...early] })
}

async function findAgain(paths: readonly string[]): Promise<PictureInfo[]> {
  const { pictures, failures } = await readPictures(paths, false)
  if (failures.length > 0) {
    const count = failures.length === 1 ? '1 picture' : `${failures.length} pictures`
    const title = `${count} from your last session can’t be found`
    useNotices().show({ title, detail: failures.map(({ path }) => path).join('\n') })
  }
  return pictures
}
