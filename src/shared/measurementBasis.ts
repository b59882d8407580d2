/** Tells what the places of evenly timed segments were measured on, so that they are measured again once it changes. */
import { partAround } from '#core/timeline/path'
import type { DocumentModel, StudioDocument } from './document'
import { isPicture, itemsById, referencesOf, type DocumentItem } from './documentLatents'
import { stableJson } from './stableJson'
import { textHash } from './textHash'

/** A model, and how it is read if not as its configuration says: another reading makes other frames. */
export type MeasuredModel = Pick<DocumentModel, 'sha256' | 'reading'>

/**
 * Returns a function that names all that a segment's frames depend on: the items of its stops and of those beside
 * it, if its path looks around, how it leads from stop to stop, the settings and the model. Where files lie and what
 * items are called is left out. A latent file counts by its item, because a document learns its hash only later.
 */
export function measurementBases(
  document: StudioDocument,
  model: MeasuredModel,
): (segment: number) => string {
  const { timeline, encode, decode } = document
  const byId = itemsById(document)
  return (segment) => {
    const { stops, segments, from } = partAround(timeline, segment)
    const basis = {
      model: nameOf(model),
      encode,
      decode,
      pinned: timeline.pinned,
      from,
      interpolation: timeline.segments[segment].interpolation,
      lengths: segments.map((at) => timeline.segments[at].frames),
      stops: stops.map((stop) => {
        const { source, prompt } = timeline.stops[stop]
        return [prompt, contentsOf(source, byId)]
      }),
    }
    return textHash(stableJson(basis))
  }
}

function nameOf({ sha256, reading = {} }: MeasuredModel): string {
  const told = stableJson(reading)
  return told === '{}' ? sha256 : sha256 + told
}

/**
 * Records for measured places that do not say what they were measured on, as in files of earlier versions, that it
 * was what the document holds.
 */
export function withMeasurementBases(document: StudioDocument): StudioDocument {
  const { timeline, model } = document
  const isUnknown = ({ fractions, measuredOn }: (typeof timeline.segments)[number]): boolean =>
    fractions !== undefined && measuredOn === undefined
  if (!timeline.segments.some(isUnknown)) return document
  const basisOf = measurementBases(document, model ?? { sha256: '' })
  const segments = timeline.segments.map((segment, at) =>
    isUnknown(segment) ? { ...segment, measuredOn: basisOf(at) } : segment,
  )
  return { ...document, timeline: { ...timeline, segments } }
}

/** Describes what an item, and each item that it is made from, shows. */
function contentsOf(
  id: string,
  byId: ReadonlyMap<string, DocumentItem>,
  seen = new Set<string>(),
): readonly object[] {
  const item = byId.get(id)
  if (!item || seen.has(id)) return []
  seen.add(id)
  const parts = isPicture(item) ? [] : referencesOf(item)
  return [contentOf(item), ...parts.flatMap((part) => contentsOf(part, byId, seen))]
}

function contentOf(item: DocumentItem): object {
  const { name: _, ...rest } = item
  if (isPicture(item)) return { ...rest, info: item.info.sha256, relativePath: undefined }
  return item.kind === 'file'
    ? { ...rest, path: undefined, relativePath: undefined, sha256: undefined }
    : rest
}
