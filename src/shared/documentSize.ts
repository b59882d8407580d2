/** Keeps documents within what this program can open again. */
import { frameCount } from '#core/timeline/path'
import { documentLimits, type DocumentLatent, type StudioDocument } from './document'
import { referencesOf } from './documentLatents'
import { isObject } from './json'
import { StudioError, type ErrorCode } from './errors'

type Size = keyof typeof documentLimits
type Sizes = Readonly<Record<Size, number>>
/** What is counted by the length of a list. */
type ListSize = Exclude<Size, 'frames' | 'mixLeaves' | 'mixDepth'>

/**
 * The most that is read of each list: more than edits may make, because versions up to 0.2 did not stop at
 * `documentLimits`. The size of mixes needs no check on reading, where `settleDocument` cuts them.
 */
const readableLists: Readonly<Record<ListSize, number>> = {
  pictures: 50_000,
  latents: 50_000,
  stops: 10_000,
  segments: 10_000,
  markers: 10_000,
}

/** What may be read: a film of any length, because versions up to 0.2 limited only the length of segments. */
const readable: Sizes = { ...documentLimits, ...readableLists, frames: Infinity }

/**
 * Checks that an edit stays within `documentLimits`. A document that already exceeds one may stay as large as
 * it is.
 *
 * @throws StudioError BAD_INPUT, saying what is too much
 */
export function requireRoom(after: StudioDocument, before: StudioDocument): void {
  requireWithin(documentLimits, sizesOf(after), { code: 'BAD_INPUT', had: sizesOf(before) })
}

/**
 * Checks that a document can be opened again once it is written, and loses nothing then.
 *
 * @throws StudioError BAD_INPUT, saying what is too much
 */
export function requireReadable(document: StudioDocument): void {
  requireWithin(readable, sizesOf(document), { code: 'BAD_INPUT' })
}

/**
 * Checks the lists of a document that is still unread JSON.
 *
 * @throws StudioError BAD_PROJECT, saying what is too much
 */
export function requireReadableLists(json: Readonly<Record<string, unknown>>): void {
  requireWithin(readable, listSizes(json), { code: 'BAD_PROJECT' })
}

function requireWithin(
  most: Sizes,
  sizes: Partial<Sizes>,
  { code, had }: { code: ErrorCode; had?: Sizes },
): void {
  for (const [name, count] of Object.entries(sizes) as [Size, number][]) {
    if (count > Math.max(most[name], had?.[name] ?? 0))
      throw new StudioError(code, tooMuch(name, count, most[name]))
  }
}

function tooMuch(name: Size, count: number, most: number): string {
  switch (name) {
    case 'mixLeaves':
      return `A latent made from ${count} others, counting those that its parts are made from, is too large: make it from at most ${most}.`
    case 'mixDepth':
      return `A latent made from others over ${count} levels is too deep, as at most ${most} are possible: start from one that is made in fewer.`
    case 'frames':
      return `${count} frames are more than the ${most} that a film may have: shorten a segment, or remove stops.`
    default:
      return `${count} ${name} are more than the ${most} that a project may have: divide it into several.`
  }
}

function sizesOf(document: StudioDocument): Sizes {
  const frames = frameCount(document.timeline)
  return { ...listSizes(document), frames, ...mixSizes(document.latents) }
}

function listSizes({
  pictures,
  latents,
  timeline,
}: Readonly<Record<string, unknown>>): Record<ListSize, number> {
  const { stops, segments, markers } = isObject(timeline) ? timeline : {}
  const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0)
  return {
    pictures: lengthOf(pictures),
    latents: lengthOf(latents),
    stops: lengthOf(stops),
    segments: lengthOf(segments),
    markers: lengthOf(markers),
  }
}

/** Returns the size of the largest latent that is made from others, and of the deepest one. */
function mixSizes(latents: readonly DocumentLatent[]): Pick<Sizes, 'mixLeaves' | 'mixDepth'> {
  const byId = new Map(latents.map((latent) => [latent.id, latent]))
  const leaf = { mixLeaves: 1, mixDepth: 0 }
  const measured = new Map<string, typeof leaf>()
  function measure(id: string): typeof leaf {
    const done = measured.get(id)
    if (done) return done
    // A circle ends here.
    measured.set(id, leaf)
    const latent = byId.get(id)
    const parts = latent ? referencesOf(latent).map(measure) : []
    const size = {
      mixLeaves: parts.reduce((sum, { mixLeaves }) => sum + mixLeaves, 0) || 1,
      mixDepth: parts.reduce((most, { mixDepth }) => Math.max(most, mixDepth + 1), 0),
    }
    measured.set(id, size)
    return size
  }
  return latents.reduce((most, { id }) => {
    const { mixLeaves, mixDepth } = measure(id)
    return {
      mixLeaves: Math.max(most.mixLeaves, mixLeaves),
      mixDepth: Math.max(most.mixDepth, mixDepth),
    }
  }, leaf)
}
