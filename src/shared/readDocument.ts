/** Reading documents of any age and in any condition, and writing them so that nothing unknown is lost. */
import type { z } from 'zod'
import { documentLimits, documentVersion, latentKinds, studioDocument, type StudioDocument } from './document'
import { isObject, migrateDocument, versionOf } from './documentMigrations'
import { StudioError } from './errors'
import { settleDocument } from './settleDocument'

/** What reading a document gives. */
export interface ReadDocument {
  readonly document: StudioDocument
  /** What could not be read and what stands in for it, one sentence each. */
  readonly problems: readonly string[]
  /** Whether a newer program wrote it: writing it here could lose what only that one knows. */
  readonly newer: boolean
}

type Json = Record<string, unknown>

/** A value that could not be used, kept beside its stand-in. It is written back while the stand-in is unchanged. */
interface Unread {
  value: unknown
  standIn?: unknown
}

/** The key of an object under which its unread values ride along. */
const unreadKey = 'unread'

/**
 * Reads a document from parsed JSON. A value that cannot be used costs that value: its default stands in for it, or, where
 * it has none, the item it belongs to is left out. Values that this version does not know ride along.
 *
 * @throws StudioError BAD_PROJECT for what is no document at all, or holds more than `documentLimits`
 */
export function readDocument(json: unknown): ReadDocument {
  if (!isObject(json))
    throw new StudioError('BAD_PROJECT', 'The document is damaged: it is not a JSON object.')
  const version = versionOf(json)
  if (!Number.isSafeInteger(version) || Number(version) < 0) {
    throw new StudioError('BAD_PROJECT', 'The document is damaged: its version is not a number.')
  }
  const migrated = migrateDocument(json)
  requireLimits(migrated)
  const problems: string[] = []
  const draft = wrapUnknownLatents(structuredClone(migrated))
  const parsed = parseLeniently(studioDocument, draft, problems)
  const document = settleDocument(keepUnknown(draft, parsed) as StudioDocument, problems)
  return { document, problems, newer: Number(version) > documentVersion }
}

/** The document as JSON to be written: what was not understood stands where it stood. */
export function writeDocument(document: StudioDocument): unknown {
  const latents = document.latents.map((latent) =>
    latent.kind === 'unknown' && isObject(latent.value)
      ? { ...latent.value, id: latent.id, name: latent.name }
      : latent,
  )
  return restoreUnread({ ...document, latents })
}

function requireLimits({ pictures, latents, timeline }: Json): void {
  const { stops, segments } = isObject(timeline) ? timeline : {}
  const lists = { pictures, latents, stops, segments }
  const most = { ...documentLimits, segments: documentLimits.stops }
  for (const [name, list] of Object.entries(lists) as [keyof typeof lists, unknown][]) {
    if (!Array.isArray(list) || list.length <= most[name]) continue
    throw new StudioError(
      'BAD_PROJECT',
      `The document holds ${list.length} ${name}, and a document may have at most ${most[name]}: divide it into several.`,
    )
  }
}

function wrapUnknownLatents(json: Json): Json {
  if (!Array.isArray(json.latents)) return json
  const latents = json.latents.map((latent: unknown) => {
    if (!isObject(latent) || typeof latent.kind !== 'string' || latentKinds.includes(latent.kind))
      return latent
    return { id: latent.id, name: latent.name, kind: 'unknown', value: latent }
  })
  return { ...json, latents }
}

/** Parses `draft`, taking out what does not fit until the rest does. Changes `draft`. */
function parseLeniently<T>(schema: z.ZodType<T>, draft: Json, problems: string[]): T {
  // Each round repairs every fault at once; what a repair uncovers, further up, takes another one. The depth bounds it.
  for (let round = 0; round < 16; round++) {
    const parsed = schema.safeParse(draft)
    if (parsed.success) return parsed.data
    const holes = new Set<unknown[]>()
    for (const { path, message } of parsed.error.issues)
      takeOut(draft, path as (string | number)[], message, holes, problems)
    for (const list of holes) list.splice(0, list.length, ...list.filter((item) => item !== hole))
  }
  throw new StudioError('BAD_PROJECT', 'The document is damaged: too little of it can be read.')
}

/** Stands where an item of a list is to go, so that those after it keep their indices for the moment. */
const hole = Symbol('hole')

function takeOut(
  draft: Json,
  path: readonly (string | number)[],
  reason: string,
  holes: Set<unknown[]>,
  problems: string[],
): void {
  const key = path.at(-1)
  if (key === undefined) throw new StudioError('BAD_PROJECT', `The document is damaged: ${reason}.`)
  const above = path.slice(0, -1)
  const parent = above.reduce<unknown>((value, step) => (value as Json | undefined)?.[step], draft)
  if (Array.isArray(parent)) {
    // A default may stand in for it, so it is emptied first and left out only when that was no help.
    if (parent[key as number] === undefined) {
      parent[key as number] = hole
      holes.add(parent)
    } else if (parent[key as number] !== hole) parent[key as number] = undefined
    problems.push(`${path.join('.')} could not be read (${reason}).`)
  } else if (isObject(parent) && parent[key] !== undefined) {
    const unread = (parent[unreadKey] ??= {}) as Record<string, Unread>
    unread[key] = { value: parent[key] }
    Reflect.deleteProperty(parent, key)
    problems.push(`${path.join('.')} could not be read (${reason}).`)
  } else if (isObject(parent)) takeOut(draft, above, reason, holes, problems)
  // Otherwise another fault of this round took out what it belongs to.
}

/** Adds to what was parsed the values that the schema does not know, and to unread values what stands in for them. */
function keepUnknown(raw: unknown, parsed: unknown): unknown {
  if (Array.isArray(raw) && Array.isArray(parsed)) return parsed.map((item, at) => keepUnknown(raw[at], item))
  if (!isObject(raw) || !isObject(parsed)) return parsed
  const known = Object.entries(parsed).map(([key, value]) => [key, keepUnknown(raw[key], value)])
  const unknown = Object.entries(raw).filter(([key]) => !Object.hasOwn(parsed, key) && key !== unreadKey)
  const unread = Object.entries((raw[unreadKey] ?? {}) as Record<string, Unread>).map(([key, { value }]) => [
    key,
    { value, standIn: parsed[key] },
  ])
  return Object.fromEntries([
    ...known,
    ...unknown,
    ...(unread.length > 0 ? [[unreadKey, Object.fromEntries(unread)]] : []),
  ])
}

function restoreUnread(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restoreUnread)
  if (!isObject(value)) return value
  const { [unreadKey]: unread, ...rest } = value
  const untouched = Object.entries((unread ?? {}) as Record<string, Unread>).filter(
    ([key, { standIn }]) => JSON.stringify(rest[key]) === JSON.stringify(standIn),
  )
  const entries = Object.entries(rest).map(([key, item]) => [key, restoreUnread(item)])
  return Object.fromEntries([...entries, ...untouched.map(([key, { value }]) => [key, restoreUnread(value)])])
}
