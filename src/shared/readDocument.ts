/** Reads documents of any age and in any condition, and writes them so that nothing unknown is lost. */
import type { z } from 'zod'
import { documentVersion, latentKinds, studioDocument, type StudioDocument } from './document'
import { requireReadableLists } from './documentSize'
import { migrateDocument, versionOf } from './documentMigrations'
import { isObject, type JsonObject } from './json'
import { StudioError } from './errors'
import { withMeasurementBases } from './measurementBasis'
import { settleDocument } from './settleDocument'

/** The result of reading a document. */
export interface ReadDocument {
  readonly document: StudioDocument
  /** What could not be read and what replaces it, one sentence each. */
  readonly problems: readonly string[]
  /** Whether a newer program wrote it. Writing it here could lose what only that program knows. */
  readonly newer: boolean
}

/** A value that could not be used, kept with its stand-in. Written back if the stand-in is unchanged. */
interface Unread {
  value: unknown
  standIn?: unknown
}

/** The key under which an object carries its unread values while it is open. No file has it: see {@link copyOf}. */
const unreadKey = 'slerp-studio:unread'

/**
 * Reads a document from parsed JSON. A value that cannot be used is replaced by its default; if it has none,
 * the item that it belongs to is left out. Values that this version does not know are carried along.
 *
 * @throws StudioError BAD_PROJECT if it is not a document at all, or is too large to be read
 */
export function readDocument(json: unknown): ReadDocument {
  if (!isObject(json))
    throw new StudioError('BAD_PROJECT', 'The document is damaged: it is not a JSON object.')
  const version = versionOf(json)
  if (!Number.isSafeInteger(version) || Number(version) < 0) {
    throw new StudioError('BAD_PROJECT', 'The document is damaged: its version is not a number.')
  }
  const migrated = migrateDocument(json)
  requireReadableLists(migrated)
  const problems: string[] = []
  const draft = wrapUnknownLatents(copyOf(migrated) as JsonObject)
  const parsed = parseLeniently(studioDocument, draft, problems)
  const settled = settleDocument(keepUnknown(draft, parsed) as StudioDocument, problems)
  return { document: withMeasurementBases(settled), problems, newer: Number(version) > documentVersion }
}

/** Returns the document as JSON to be written, with everything that was not understood back in its place. */
export function writeDocument(document: StudioDocument): unknown {
  const latents = document.latents.map((latent) =>
    latent.kind === 'unknown' && isObject(latent.value)
      ? { ...latent.value, id: latent.id, name: latent.name }
      : latent,
  )
  return restoreUnread({ ...document, latents })
}

/** Returns a copy of parsed JSON, without anything that would be taken for unread values. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  if (!isObject(value)) return value
  const entries = Object.entries(value).filter(([key]) => key !== unreadKey)
  return Object.fromEntries(entries.map(([key, item]) => [key, copyOf(item)]))
}

function wrapUnknownLatents(json: JsonObject): JsonObject {
  if (!Array.isArray(json.latents)) return json
  const latents = json.latents.map((latent: unknown) => {
    if (!isObject(latent) || typeof latent.kind !== 'string' || latentKinds.includes(latent.kind))
      return latent
    return { id: latent.id, name: latent.name, kind: 'unknown', value: latent }
  })
  return { ...json, latents }
}

/** What was taken out of a draft. */
interface TakenOut {
  /** Why, by path. Items of lists are named by the index that they had at first. */
  readonly reasons: Map<string, string>
  /** Lists with items that were marked for removal in this round. */
  readonly holed: Set<unknown[]>
  /** The first index of each item that remains in a list which lost some. */
  readonly firstIndices: Map<unknown, readonly number[]>
}

/** Parses `draft`, removing what is invalid until the rest is valid. Mutates `draft`. */
function parseLeniently<T>(schema: z.ZodType<T>, draft: JsonObject, problems: string[]): T {
  const taken: TakenOut = { reasons: new Map(), holed: new Set(), firstIndices: new Map() }
  // Each round repairs all issues at once. A repair may uncover an issue further up, which takes another
  // round; the nesting depth bounds their number.
  for (let round = 0; round < 16; round++) {
    const parsed = schema.safeParse(draft)
    if (parsed.success) {
      problems.push(...describeTaken(taken.reasons))
      return parsed.data
    }
    for (const { path, message } of parsed.error.issues)
      takeOut(draft, path as (string | number)[], message, taken)
    for (const list of taken.holed) closeHoles(list, taken)
    taken.holed.clear()
  }
  throw new StudioError('BAD_PROJECT', 'The document is damaged: too little of it can be read.')
}

/** Marks a list item for removal, so that the items after it keep their indices for the rest of the round. */
const hole = Symbol('hole')

function closeHoles(list: unknown[], { firstIndices }: TakenOut): void {
  const indices = firstIndices.get(list) ?? [...list.keys()]
  firstIndices.set(
    list,
    indices.filter((_index, at) => list[at] !== hole),
  )
  list.splice(0, list.length, ...list.filter((item) => item !== hole))
}

function takeOut(
  draft: JsonObject,
  path: readonly (string | number)[],
  reason: string,
  taken: TakenOut,
): void {
  const key = path.at(-1)
  if (key === undefined) throw new StudioError('BAD_PROJECT', `The document is damaged: ${reason}.`)
  const above = path.slice(0, -1)
  const parent = above.reduce<unknown>((value, step) => (value as JsonObject | undefined)?.[step], draft)
  if (Array.isArray(parent)) {
    // A default may replace it, so it is cleared first, and removed only if that did not help.
    if (parent[key as number] === undefined) {
      parent[key as number] = hole
      taken.holed.add(parent)
    } else if (parent[key as number] !== hole) parent[key as number] = undefined
    noteTaken(draft, path, reason, taken)
  } else if (isObject(parent) && parent[key] !== undefined) {
    const unread = (parent[unreadKey] ??= {}) as Record<string, Unread>
    unread[key] = { value: parent[key] }
    Reflect.deleteProperty(parent, key)
    noteTaken(draft, path, reason, taken)
  } else if (isObject(parent)) takeOut(draft, above, reason, taken)
  // Otherwise another issue of this round has already removed its parent.
}

/** Notes the reason, unless there is an earlier one, which is about the value as it was in the file. */
function noteTaken(
  draft: JsonObject,
  path: readonly (string | number)[],
  reason: string,
  { reasons, firstIndices }: TakenOut,
): void {
  let list: unknown = draft
  const first = path.map((step) => {
    const index = firstIndices.get(list)?.[step as number] ?? step
    list = (list as JsonObject | undefined)?.[step]
    return index
  })
  const name = first.join('.')
  if (!reasons.has(name)) reasons.set(name, reason)
}

/** Returns a sentence for each value that was taken out, and none for those that were taken out of it before. */
function describeTaken(reasons: ReadonlyMap<string, string>): string[] {
  const sentences = new Map<string, string>()
  for (const [path, reason] of reasons) {
    const steps = path.split('.')
    const wholes = steps.map((_step, at) => steps.slice(0, at + 1).join('.'))
    const whole = wholes.find((name) => reasons.has(name)) ?? path
    const within = whole === path ? '' : `${path.slice(whole.length + 1)}: `
    if (!sentences.has(whole)) sentences.set(whole, `${whole} could not be read (${within}${reason}).`)
  }
  return [...sentences.values()]
}

/** Adds to the parsed value what the schema does not know, and to each unread value its stand-in. */
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
  return Object.fromEntries([...entries, ...untouched.map(([key, kept]) => [key, restoreUnread(kept.value)])])
}
