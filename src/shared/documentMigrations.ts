/**
 * Migrations from every released version of the document to the next: pure functions of parsed JSON that may
 * be damaged.
 */
import { baseName } from '#core/format/baseName'
import { asList, isObject, type JsonObject } from './json'
import { renameOldSession } from './oldNames'

function fileNameOf(path: unknown): string {
  return typeof path === 'string' ? baseName(path) : ''
}

/**
 * Version 0 is the `session.json` of 0.1, which had no version: it has pictures by path alone, and stops as
 * indices into them. A stop with an invalid index keeps its place, as a stop whose source is missing.
 */
function fromSession(session: JsonObject): JsonObject {
  const { pictures, stops, segments, fps, repeat, ...rest } = renameOldSession(session) as JsonObject
  const idOf = (index: unknown): string => `picture-${typeof index === 'number' ? index + 1 : 'unknown'}`
  return {
    ...rest,
    version: 1,
    pictures: asList(pictures).map((picture, index) => {
      const { path, ...others } = isObject(picture) ? picture : {}
      return { ...others, id: idOf(index), info: { path, name: fileNameOf(path) } }
    }),
    timeline: {
      stops: asList(stops).map((index, at) => ({ id: `stop-${at + 1}`, source: idOf(index) })),
      segments,
      fps,
      repeat,
    },
  }
}

/** The migration from each version to the next, by the version it starts from. */
const migrations: Readonly<Record<number, (json: JsonObject) => JsonObject>> = { 0: fromSession }

/** Returns the version that parsed JSON states, unchecked; 0 for a session, which states none. */
export function versionOf(json: JsonObject): unknown {
  return json.version ?? 0
}

/**
 * Migrates a document of any released version to the newest. One that is already the newest, or newer, is
 * returned as it is.
 */
export function migrateDocument(json: JsonObject): JsonObject {
  let current = json
  for (let step = migrations[Number(versionOf(current))]; step;) {
    current = step(current)
    step = migrations[Number(versionOf(current))]
  }
  return current
}
