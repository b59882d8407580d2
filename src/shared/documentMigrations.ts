/** Steps from every released version of the document to the next. Pure functions of parsed JSON, which may be damaged. */
import { baseName } from '#core/format/baseName'
import { renameOldSession } from './oldNames'

type Json = Record<string, unknown>

/** Whether a value is an object of named values. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function fileNameOf(path: unknown): string {
  return typeof path === 'string' ? baseName(path) : ''
}

/**
 * Version 0 is the `session.json` of 0.1, which had no version: pictures by path alone, stops as indices into them. A
 * stop whose index leads nowhere keeps its place and becomes one whose source is missing.
 */
function fromSession(session: Json): Json {
  const { pictures, stops, segments, fps, repeat, ...rest } = renameOldSession(session) as Json
  const idOf = (index: unknown): string => `picture-${Number(index) + 1}`
  return {
    ...rest,
    version: 1,
    pictures: listOf(pictures).map((picture, index) => {
      const { path, ...others } = isObject(picture) ? picture : {}
      return { ...others, id: idOf(index), info: { path, name: fileNameOf(path) } }
    }),
    timeline: {
      stops: listOf(stops).map((index, at) => ({ id: `stop-${at + 1}`, source: idOf(index) })),
      segments,
      fps,
      repeat,
    },
  }
}

/** The step that leads from each version to the next, by the version it starts from. */
const migrations: Readonly<Record<number, (json: Json) => Json>> = { 0: fromSession }

/** The version that parsed JSON says it has: 0 for a session, which says none. Not checked otherwise. */
export function versionOf(json: Json): unknown {
  return json.version ?? 0
}

/** Brings a document of any released version to the newest; one that is newest already, or newer, stays as it is. */
export function migrateDocument(json: Json): Json {
  let current = json
  for (let step = migrations[Number(versionOf(current))]; step;) {
    current = step(current)
    step = migrations[Number(versionOf(current))]
  }
  return current
}
