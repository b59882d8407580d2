import { preferences, type Preferences } from '#shared/app'
import type { JsonFolder } from './JsonFolder'

const defaults: Preferences = {
  theme: 'dark',
  textSize: 100,
  threads: 0,
  device: 'auto',
  precision: 'fp32',
  server: null,
  modelPath: null,
  modelReading: {},
  modelFolders: [],
  downloads: true,
}

/** The user's settings, kept between starts of the app. */
export interface PreferencesFile {
  readonly value: Preferences
  /** Changes some settings and returns all. */
  change(part: Partial<Preferences>): Promise<Preferences>
}

/** What the file may hold. A server whose address an older version accepted is forgotten, and nothing else. */
const stored = preferences.partial().extend({ server: preferences.shape.server.optional().catch(null) })

/** Opens `preferences.json`. Settings missing from a file of an older version get their defaults. */
export async function openPreferences(folder: JsonFolder): Promise<PreferencesFile> {
  const file = await folder.open('preferences.json', 'preferences', stored, {})
  const current = (): Preferences => ({ ...defaults, ...file.value })
  return {
    get value() {
      return current()
    },
    async change(part) {
      await file.save({ ...file.value, ...part })
      return current()
    },
  }
}
