import { z } from 'zod'
import { mostModelFolders, preferences, type Preferences } from '#shared/app'
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

/** The file may hold anything: what this version cannot read was written by another one, which may come back. */
const stored = z.record(z.string(), z.unknown())
type Stored = z.infer<typeof stored>

/** How each setting is read. Of more folders than are remembered, the most recent ones come first. */
const readings = {
  ...preferences.shape,
  modelFolders: z.array(z.string()).transform((folders) => folders.slice(0, mostModelFolders)),
}

/** Returns the settings that can be read, one by one: a value that only another version knows costs no other. */
function readable(file: Stored): Partial<Preferences> {
  const read = Object.entries(readings).flatMap(([name, reading]) => {
    const { success, data } = reading.safeParse(file[name])
    return success ? [[name, data] as const] : []
  })
  // Whoever has written something there may have forbidden them.
  const downloads = file.downloads === undefined || file.downloads === true
  return { ...(Object.fromEntries(read) as Partial<Preferences>), downloads }
}

/**
 * Opens `preferences.json`. Settings that are missing or cannot be read, as from a file of another version, get
 * their defaults, and are kept in the file until they are changed.
 */
export async function openPreferences(folder: JsonFolder): Promise<PreferencesFile> {
  const file = await folder.open('preferences.json', 'preferences', stored, {})
  const current = (): Preferences => ({ ...defaults, ...readable(file.value) })
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
