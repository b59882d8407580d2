import { partOf } from '#core/timeline/path'
import { toMeasureAgain } from '#core/timeline/pathEdits'
import type { StudioDocument } from '#shared/document'
import { isPicture, itemsById, type DocumentItem } from '#shared/documentLatents'
import { stableJson } from '../base/stableJson'
import { madeFrom } from '../stores/library'
import { useTimeline } from '../stores/timeline'

/**
 * Marks evenly timed segments of the open document to be measured again if they were measured with items that have
 * changed since, or before the pictures were pinned or unpinned.
 *
 * @param before  the document with which they were measured; places that only the open one has are left alone
 */
export function outdateTimingOfChangedItems(before: StudioDocument, after: StudioDocument): void {
  if (!before.timeline.segments.some(({ fractions }) => fractions)) return
  const timeline = useTimeline()
  const { path } = timeline
  const changed = changedItems(before, after)
  const isPinned = before.timeline.pinned !== after.timeline.pinned
  if (!isPinned && !path.stops.some(({ source }) => changed.has(source))) return
  const earlier = new Set(before.timeline.segments.map(({ fractions }) => fractions))
  timeline.path = toMeasureAgain(
    path,
    (segment) =>
      earlier.has(path.segments[segment].fractions) &&
      (isPinned || partOf(path, segment).stops.some((stop) => changed.has(path.stops[stop].source))),
  )
}

/** Returns the ids of the items that show something else than before, or are made from some that do. */
function changedItems(before: StudioDocument, after: StudioDocument): ReadonlySet<string> {
  if (before.pictures === after.pictures && before.latents === after.latents) return new Set()
  const known = itemsById(before)
  const changed = [...after.pictures, ...after.latents].filter((item) => {
    const was = known.get(item.id)
    return was && was !== item && contentOf(was) !== contentOf(item)
  })
  const ids = changed.map(({ id }) => id)
  return new Set([...ids, ...madeFrom(after.latents, ids)])
}

/** Describes what an item shows: everything but its name and where its file lies. */
function contentOf(item: DocumentItem): string {
  const { name: _, ...rest } = item
  if (isPicture(item)) return stableJson({ ...rest, info: item.info.sha256, relativePath: null })
  return stableJson(item.kind === 'file' ? { ...rest, path: null, relativePath: null } : rest)
}
