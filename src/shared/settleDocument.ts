import { defaultSegment, hasSoundPlaces, isClosed, withoutPlaces } from '#core/timeline/path'
import { referencesOf } from './documentLatents'
import { documentLimits, type DocumentLatent, type DocumentTimeline, type StudioDocument } from './document'
import { limits } from './limits'

type DocumentSegment = DocumentTimeline['segments'][number]

/**
 * Makes a document consistent after reading: every item and stop has an id of its own, every stop has a
 * source that exists, mixes contain no cycles and only weights within the limits, and the timeline has as
 * many segments as it needs.
 *
 * @param problems  receives what had to be changed, one sentence each
 */
export function settleDocument(document: StudioDocument, problems: string[]): StudioDocument {
  const items = withUniqueIds([...document.pictures, ...document.latents], 'item')
  const pictures = items.slice(0, document.pictures.length) as StudioDocument['pictures']
  const latents = items.slice(document.pictures.length) as DocumentLatent[]
  const read = withUniqueIds(document.timeline.stops, 'stop')
  const known = new Set(items.map(({ id }) => id))
  const lost = [...new Set(read.map(({ source }) => source))].filter((source) => !known.has(source))
  for (const source of lost) {
    problems.push(
      source === ''
        ? 'A stop of the timeline names no picture or latent.'
        : `The timeline names "${source}", which the document does not hold.`,
    )
  }
  const unnamed = freeId(new Set([...known, ...lost]))
  const standIns = lost.map((source): DocumentLatent => {
    return { id: source || unnamed, name: 'Missing', kind: 'unknown', value: null }
  })
  const stops = read.map((stop) => (stop.source === '' ? { ...stop, source: unnamed } : stop))
  return {
    ...document,
    pictures,
    latents: withSoundMixes([...latents, ...standIns], known, problems).map(withinWeights),
    timeline: {
      ...document.timeline,
      stops,
      segments: segmentsFor(stops, document.timeline.segments),
      markers: withUniqueIds(document.timeline.markers, 'marker'),
    },
  }
}

function withUniqueIds<Item extends { readonly id: string }>(items: readonly Item[], prefix: string): Item[] {
  const given = new Set(items.map(({ id }) => id))
  const taken = new Set<string>()
  return items.map((item, at) => {
    let { id } = item
    for (let number = at + 1; id === '' || taken.has(id); number++) {
      const next = `${prefix}-${number}`
      id = given.has(next) ? '' : next
    }
    taken.add(id)
    return id === item.id ? item : { ...item, id }
  })
}

/** Returns an id for what has none: an empty one would be another the next time that it is read. */
function freeId(taken: ReadonlySet<string>): string {
  let free = 'missing'
  for (let number = 2; taken.has(free); number++) free = `missing-${number}`
  return free
}

/**
 * Returns one segment fewer than stops, or as many if the path was closed. Extra ones are dropped, and gaps
 * filled with the default segment.
 */
function segmentsFor(
  stops: DocumentTimeline['stops'],
  segments: DocumentTimeline['segments'],
): DocumentTimeline['segments'] {
  if (stops.length < 2) return []
  if (isClosed({ stops, segments })) return segments.map(withSoundPlaces)
  return stops.slice(1).map((_stop, at) => withSoundPlaces(segments[at] ?? defaultSegment))
}

/** Drops measured frame positions unless there is one for each frame but the first, in ascending order. */
function withSoundPlaces(segment: DocumentSegment): DocumentSegment {
  return hasSoundPlaces(segment) ? segment : withoutPlaces(segment)
}

/**
 * Returns a mix without its invalid parts. Any other latent is worthless without one of its parts: it becomes
 * `unknown`, keeping what was read.
 */
function withSoundParts(
  latent: DocumentLatent,
  isSound: (source: string) => boolean,
  problems: string[],
): DocumentLatent {
  const { id, name } = latent
  if (latent.kind !== 'mix') {
    if (referencesOf(latent).every(isSound)) return latent
    problems.push(
      `"${name}" is made from an item that does not exist, is made from it, or makes it too large.`,
    )
    return { id, name, kind: 'unknown', value: latent }
  }
  const parts = latent.parts.filter(({ source }) => isSound(source))
  if (parts.length === latent.parts.length) return latent
  problems.push(`"${name}" lost a part that does not exist, contains the mix itself, or makes it too large.`)
  return { ...latent, parts }
}

/** Scales down the weights of a mix if one is beyond the limits: only their ratios matter, so it stays the same. */
function withinWeights(latent: DocumentLatent): DocumentLatent {
  if (latent.kind !== 'mix') return latent
  const { max } = limits.weight
  const largest = Math.max(...latent.parts.map(({ weight }) => Math.abs(weight)))
  if (largest <= max) return latent
  return {
    ...latent,
    parts: latent.parts.map((part) => ({ ...part, weight: (part.weight / largest) * max })),
  }
}

/** A latent whose parts are sound, and what it is made from: how many others, and over how many levels. */
interface SettledLatent {
  readonly latent: DocumentLatent
  readonly leaves: number
  readonly depth: number
}

/**
 * Drops from every mix the parts that do not exist, that lead back to the mix, or that would make it larger
 * than the limits allow: nested mixes grow exponentially. Other derived latents with such a part become
 * `unknown`.
 */
function withSoundMixes(
  latents: readonly DocumentLatent[],
  known: ReadonlySet<string>,
  problems: string[],
): DocumentLatent[] {
  const byId = new Map(latents.map((latent) => [latent.id, latent]))
  const settled = new Map<string, SettledLatent>()

  function settle(latent: DocumentLatent, above: readonly string[]): SettledLatent {
    const done = settled.get(latent.id)
    if (done) return done
    const references = referencesOf(latent)
    if (references.length === 0) return { latent, leaves: 1, depth: 0 }
    const within = [...above, latent.id]
    let [leaves, depth] = [0, 0]
    const take = (source: string): boolean => {
      const part = byId.get(source)
      if (
        within.includes(source) ||
        within.length > documentLimits.mixDepth ||
        !(part || known.has(source))
      ) {
        return false
      }
      const below = part ? settle(part, within) : { leaves: 1, depth: 0 }
      // An empty mix counts as one, because it still has to be looked up.
      const size = Math.max(1, below.leaves)
      if (leaves + size > documentLimits.mixLeaves || below.depth >= documentLimits.mixDepth) return false
      leaves += size
      depth = Math.max(depth, below.depth + 1)
      return true
    }
    const next = { latent: withSoundParts(latent, take, problems), leaves, depth }
    settled.set(latent.id, next)
    return next
  }

  return latents.map((latent) => settle(latent, []).latent)
}
