import { z } from 'zod'
import { session, type Session } from '#shared/app'
import { renameOldSession } from '#shared/oldNames'
import { JsonFolder, type JsonFile } from './JsonFolder'
import { openPreferences, type PreferencesFile } from './preferences'
import { openRecentPictures, type RecentPictures } from './recentPictures'
import { windowPlace, type WindowPlace } from './windowPlace'

/** A session as any version of the app wrote it; null before the first. */
const savedSession = z.preprocess(renameOldSession, session.nullable())

/** All that the app keeps between two starts. */
export interface AppData {
  readonly preferences: PreferencesFile
  /** The work on the table when the app was last used; null before the first time. */
  readonly session: JsonFile<Session | null>
  readonly recent: RecentPictures
  readonly place: JsonFile<WindowPlace | null>
  /** What was damaged and set aside, one sentence each. */
  readonly notices: readonly string[]
  /** Resolves when everything is on disk. */
  idle(): Promise<void>
}

/**
 * @param path  the app's own folder, `userData`
 * @param notices  what is to be told besides, one sentence each
 */
export async function openAppData(path: string, notices: readonly string[] = []): Promise<AppData> {
  const folder = new JsonFolder(path)
  const [preferences, lastSession, recent, place] = await Promise.all([
    openPreferences(folder),
    folder.open('session.json', 'last pictures and timeline', savedSession, null),
    openRecentPictures(folder),
    folder.open('window.json', 'window settings', windowPlace.nullable(), null),
  ])
  return {
    preferences,
    session: lastSession,
    recent,
    place,
    notices: [...notices, ...folder.notices],
    idle: () => folder.idle(),
  }
}
