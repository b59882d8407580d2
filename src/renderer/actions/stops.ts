import { defaultSegment } from '#core/timeline/path'
import { changeStop, moveStop, removeStop } from '#core/timeline/pathEdits'
import { excerptOf, insertStops, moveStopsInTime } from '#core/timeline/stopTimes'
import { limits } from '#shared/limits'
import { useClipboard } from '../stores/clipboard'
import { useEncoding } from '../stores/encoding'
import { useLibrary } from '../stores/library'
import { useNotices } from '../stores/notices'
import { useSelection } from '../stores/selection'
import { useTimeline } from '../stores/timeline'
import type { TimelinePath } from '../timeline/stops'
import { edit } from './document'

const countOf = (stops: readonly unknown[]): string =>
  stops.length === 1 ? 'a stop' : `${stops.length} stops`

/** Removes stops from the timeline. */
export function removeStops(stops: readonly number[]): void {
  const timeline = useTimeline()
  const [only] = stops
  const what = stops.length === 1 ? timeline.items[only].name : countOf(stops)
  edit(`Remove ${what} from the timeline`, () => {
    timeline.path = withoutStops(timeline.path, stops)
  })
}

function withoutStops(path: TimelinePath, stops: readonly number[]): TimelinePath {
  return [...stops].sort((a, b) => b - a).reduce((rest, stop) => removeStop(rest, stop), path)
}

/** Moves a stop by `by` places in the order; the segments stay where they are. */
export function moveStopBy(stop: number, by: number): void {
  moveStopTo(stop, stop + by)
}

/** Moves a stop to another place in the order; does nothing unless the path has both places. */
export function moveStopTo(from: number, to: number): void {
  const timeline = useTimeline()
  const { stops } = timeline.path
  if (to === from || !(from in stops) || !(to in stops)) return
  edit('Move a stop', () => (timeline.path = moveStop(timeline.path, from, to)))
}

/** Moves stops in time, as far as their neighbours and the limit of the film's length leave room. */
export function nudgeStops(stops: readonly number[], frames: number): void {
  const timeline = useTimeline()
  const moved = moveStopsInTime(timeline.path, stops, Math.min(frames, roomToMove(stops)))
  edit(`Move ${countOf(stops)} in time`, () => (timeline.path = moved), `time-${stops.join()}`)
}

/**
 * Returns by how many frames moving these stops may lengthen the film. Unless it is closed, the film ends with
 * its last stop.
 */
function roomToMove(stops: readonly number[]): number {
  const { closed, path, total } = useTimeline()
  const isLonger = !closed && stops.includes(path.stops.length - 1)
  return isLonger ? Math.max(0, limits.frames.max - total) : Infinity
}

/** Copies stops with the segments between them. */
export function copyStops(stops: readonly number[]): void {
  useClipboard().stops = excerptOf(useTimeline().path, stops)
}

/**
 * Inserts the copied stops before a position. If some of their items are no longer in the library, a notice
 * says so.
 */
export function pasteStops(position: number): void {
  const copied = useClipboard().stops
  if (!copied) return
  const library = useLibrary()
  const lost = copied.stops.flatMap(({ source }, stop) => (library.byId.has(source) ? [] : [stop]))
  if (lost.length > 0) notifyNotPasted(lost.length)
  if (lost.length === copied.stops.length) return
  insertCopies('Paste', withoutStops(copied, lost), position)
}

function notifyNotPasted(count: number): void {
  const [title, what] =
    count === 1
      ? ['1 stop wasn’t pasted', 'Its picture or latent is']
      : [`${count} stops weren’t pasted`, 'Their pictures or latents are']
  useNotices().show({ title, detail: `${what} no longer in the library.` })
}

/** Inserts copies of stops after the last of them. */
export function duplicateStops(stops: readonly number[]): void {
  const { path } = useTimeline()
  insertCopies('Duplicate', excerptOf(path, stops), Math.max(...stops) + 1)
}

function insertCopies(verb: string, { stops, segments }: TimelinePath, position: number): void {
  const timeline = useTimeline()
  const copies = stops.map((stop) => ({ ...stop, id: crypto.randomUUID() }))
  const done = edit(`${verb} ${countOf(stops)}`, () => {
    timeline.path = insertStops(timeline.path, position, { stops: copies, segments })
  })
  if (!done) return
  useSelection().selectStops(copies.map((_copy, offset) => position + offset))
  useEncoding().enqueue(timeline.items, { first: true })
}

/**
 * Sets the prompt that a stop is decoded with, for a text-conditional model.
 *
 * @param prompt  empty for the item's own
 */
export function writeStopPrompt(stop: number, prompt: string): void {
  const timeline = useTimeline()
  const changed = { ...timeline.path.stops[stop], prompt: prompt.trim() || undefined }
  if (changed.prompt === timeline.path.stops[stop].prompt) return
  edit(`Change the prompt of stop ${stop + 1}`, () => {
    timeline.path = changeStop(timeline.path, stop, changed)
  })
}

/** Holds the film at a stop: adds a copy of the stop after it, joined to it by a segment that holds. */
export function holdStop(stop: number): void {
  const timeline = useTimeline()
  const held = Math.round(timeline.fps) || 1
  edit(`Hold ${timeline.items[stop].name}`, () => {
    const { stops, segments } = timeline.path
    const copy = { ...stops[stop], id: crypto.randomUUID() }
    const still = { ...defaultSegment, frames: held, easing: 'hold' as const }
    // The segment that began at the stop now begins at its copy, which shows the same, so its measured places
    // are still right.
    timeline.path = {
      stops: stops.toSpliced(stop + 1, 0, copy),
      segments: segments.toSpliced(stop, 0, still),
    }
  })
}
