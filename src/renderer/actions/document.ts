import type { Session } from '#shared/app'
import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import type { PlaybackRepeat } from '#core/timeline/playOrder'
import type { TimelinePath } from '../timeline/stops'
import { stableJson } from '../base/stableJson'
import { useLibrary, type Picture } from '../stores/library'
import { useNotices, type NoticeAction } from '../stores/notices'
import { useSettings } from '../stores/settings'
import { useTimeline } from '../stores/timeline'
import { history, type UndoRedoElement } from './history'

/** All that undo brings back. The stores replace these values and never change them, so holding them is a copy. */
export interface StudioDocument {
  pictures: Picture[]
  path: TimelinePath
  fps: number
  repeat: PlaybackRepeat
  encode: EncodeSettings
  decode: DecodeSettings
}

/** The document as it stands. */
export function takeDocument(): StudioDocument {
  const library = useLibrary()
  const timeline = useTimeline()
  const settings = useSettings()
  return {
    pictures: library.pictures,
    path: timeline.path,
    fps: timeline.fps,
    repeat: timeline.repeat,
    encode: settings.encode,
    decode: settings.decode,
  }
}

/** Puts a document back, keeping the selection where its pictures still stand. */
export function putDocument(document: StudioDocument): void {
  const library = useLibrary()
  library.pictures = document.pictures
  library.select(library.selectedIds.filter((id) => document.pictures.some((picture) => picture.id === id)))
  const timeline = useTimeline()
  timeline.path = document.path
  timeline.fps = document.fps
  timeline.repeat = document.repeat
  useSettings().apply(document)
}

/**
 * Makes a change that can be undone.
 *
 * @param mergeKey  changes of equal key that follow each other are undone together: the moves of one slider
 * @returns what a message offers to take it back; null when nothing changed
 */
export function edit(label: string, change: () => void, mergeKey?: string): NoticeAction | null {
  const before = takeDocument()
  change()
  const after = takeDocument()
  if (sameDocument(before, after)) return null
  const element = { label, mergeKey, undo: () => putDocument(before), redo: () => putDocument(after) }
  history.push(element)
  return { label: 'Undo', run: () => takeBack(element) }
}

function takeBack(element: UndoRedoElement): void {
  if (history.undo(element)) return
  useNotices().show({
    title: 'Something else has changed since',
    detail: 'Use Undo to go back step by step.',
  })
}

/** Whether nothing was changed between two documents. */
export function sameDocument(a: StudioDocument, b: StudioDocument): boolean {
  return (Object.keys(a) as (keyof StudioDocument)[]).every(
    (key) => a[key] === b[key] || stableJson(a[key]) === stableJson(b[key]),
  )
}

/** The document as the main process keeps it between two starts. */
export function toSession({ pictures, path, ...rest }: StudioDocument): Session {
  const order = new Map(pictures.map(({ id }, index) => [id, index]))
  return {
    ...rest,
    pictures: pictures.map(({ info, name, fit, restandardise }) => ({
      path: info.path,
      name,
      fit,
      restandardise,
    })),
    stops: path.stops.map(({ pictureId }) => order.get(pictureId) ?? 0),
    segments: path.segments.map((segment) => ({ ...segment })),
  }
}

/**
 * The document of a kept session.
 *
 * @param found  the session's pictures that are still there, by their place in it; stops of the others are left out
 */
export function fromSession(session: Session, found: ReadonlyMap<number, Picture>): StudioDocument {
  const { fps, repeat, encode, decode } = session
  const stops = session.stops.flatMap((index) => {
    const picture = found.get(index)
    return picture ? [{ id: crypto.randomUUID(), pictureId: picture.id }] : []
  })
  const complete = stops.length === session.stops.length
  const segments = complete ? session.segments : session.segments.slice(0, Math.max(0, stops.length - 1))
  return {
    pictures: [...found.values()],
    path: { stops, segments: stops.length < 2 ? [] : segments },
    fps,
    repeat,
    encode,
    decode,
  }
}
