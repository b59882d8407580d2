import { z } from 'zod'
import { mostModelFolders, preferences, type Preferences } from '#shared/app'
import { modelReading } from '#shared/modelSource'
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

/**
 * The file may hold anything: values that this version cannot read belong to another one, which may be started
 * again.
 */
const stored = z.record(z.string(), z.unknown())
type Stored = z.infer<typeof stored>

/** How each setting is read, except for those of the model. */
const readings = {
  ...preferences.omit({ modelReading: true }).shape,
  // The most recent folders come first, so these are kept if there are too many.
  modelFolders: z.array(z.string()).transform((folders) => folders.slice(0, mostModelFolders)),
  // Another value there may be one that forbids downloads.
  downloads: z.unknown().transform((downloads) => downloads === true),
}

/** Some settings as they were read, and the names of those that could not be. */
interface Read {
  readonly values: Stored
  readonly unread: readonly string[]
}

/** Reads settings one by one: a value that only another version can read does not affect the others. */
function readEach(schemas: Readonly<Record<string, z.ZodType>>, file: Stored): Read {
  const values: Stored = {}
  const unread: string[] = []
  for (const [name, schema] of Object.entries(schemas)) {
    if (file[name] === undefined) continue
    const { success, data } = schema.safeParse(file[name])
    if (success) values[name] = data
    else unread.push(name)
  }
  return { values, unread }
}

function readSettings(file: Stored): Read {
  const { values, unread } = readEach(readings, file)
  const { success, data: ofModel } = stored.safeParse(file.modelReading ?? {})
  if (!success) return { values, unread: [...unread, 'modelReading'] }
  const reading = readEach(modelReading.shape, ofModel)
  const names = reading.unread.map((name) => `modelReading.${name}`)
  return { values: { ...values, modelReading: reading.values }, unread: [...unread, ...names] }
}

function describeUnread(names: readonly string[]): string {
  const list = names.map((name) => `"${name}"`).join(', ')
  return `Your preferences for ${list} could not be read from preferences.json, so the defaults are in use: choose them again.`
}

/**
 * Opens `preferences.json`. Settings that are missing or cannot be read, as from a file of another version, get
 * their defaults, and are kept in the file until they are changed. A notice names those that cannot be read.
 */
export async function openPreferences(folder: JsonFolder): Promise<PreferencesFile> {
  const file = await folder.open('preferences.json', 'preferences', stored, {})
  const current = (): Preferences => ({ ...defaults, ...readSettings(file.value).values })
  const { unread } = readSettings(file.value)
  if (unread.length > 0) folder.note(describeUnread(unread))
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
