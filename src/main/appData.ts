import { JsonFolder, type JsonFile } from './JsonFolder'
import { openPreferences, type PreferencesFile } from './preferences'
import { openWork, type WorkFile } from './lastWork'
import { openRecentFiles, type RecentFiles } from './recentFiles'
import { windowPlace, type WindowPlace } from './windowPlace'

/** Everything the app keeps between two starts. */
export interface AppData {
  readonly preferences: PreferencesFile
  readonly work: WorkFile
  readonly recent: RecentFiles
  readonly recentProjects: RecentFiles
  readonly place: JsonFile<WindowPlace | null>
  /** What was damaged and set aside, one sentence each. */
  readonly notices: readonly string[]
  /** Resolves when everything is on disk. */
  idle(): Promise<void>
}

/**
 * @param path  the app's own folder, `userData`
 * @param notices  other notices for the user, one sentence each
 */
export async function openAppData(path: string, notices: readonly string[] = []): Promise<AppData> {
  const folder = new JsonFolder(path)
  const [preferences, work, recent, recentProjects, place] = await Promise.all([
    openPreferences(folder),
    openWork(folder),
    openRecentFiles(folder, 'recent.json', 'recent pictures'),
    openRecentFiles(folder, 'projects.json', 'recent projects'),
    folder.open('window.json', 'window settings', windowPlace.nullable(), null),
  ])
  return {
    preferences,
    work,
    recent,
    recentProjects,
    place,
    notices: [...notices, ...folder.notices],
    idle: () => folder.idle(),
  }
}
