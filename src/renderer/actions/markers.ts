import { isPart, withEndAt, type FrameRange } from '#core/timeline/frameRange'
import type { DocumentMarker } from '#shared/document'
import { usePlayer } from '../stores/player'
import { useSelection } from '../stores/selection'
import { useTimeline } from '../stores/timeline'
import { useTimelineView } from '../stores/timelineView'
import { edit } from './document'

/** Adds a marker at the playhead; if there is one already, starts renaming it instead. */
export function addMarker(): void {
  const timeline = useTimeline()
  const { playhead: frame } = usePlayer()
  if (timeline.total === 0) return
  const there = timeline.markers.find((marker) => marker.frame === frame)
  if (there) return renameMarker(there)
  const marker = { id: crypto.randomUUID(), frame, name: `Marker ${timeline.markers.length + 1}` }
  edit('Add a marker', () => (timeline.markers = inOrder([...timeline.markers, marker])))
}

/** Starts renaming a marker. */
export function renameMarker({ id }: DocumentMarker): void {
  useSelection().renaming = id
}

/** Moves or renames a marker. */
export function changeMarker({ id, name }: DocumentMarker, changes: Partial<DocumentMarker>): void {
  const timeline = useTimeline()
  const markers = timeline.markers.map((one) => (one.id === id ? { ...one, ...changes } : one))
  edit(`Change ${name}`, () => (timeline.markers = inOrder(markers)))
}

/** Moves a marker by some frames, as far as the film goes. Successive moves are one undo step. */
export function nudgeMarker({ id, frame, name }: DocumentMarker, by: number): void {
  const timeline = useTimeline()
  const to = Math.max(0, Math.min(usePlayer().last, frame + by))
  const markers = timeline.markers.map((one) => (one.id === id ? { ...one, frame: to } : one))
  edit(`Move ${name} in time`, () => (timeline.markers = inOrder(markers)), `marker-time-${id}`)
  useTimelineView().reveal(to)
}

/** Removes a marker. */
export function removeMarker({ id, name }: DocumentMarker): void {
  const timeline = useTimeline()
  edit(`Remove ${name}`, () => (timeline.markers = timeline.markers.filter((one) => one.id !== id)))
}

/**
 * Moves one end of the work area to the playhead. The other end stays where it is, unless this end would pass
 * it.
 */
export function setWorkAreaEnd(end: keyof FrameRange, frame: number = usePlayer().playhead): void {
  const timeline = useTimeline()
  if (timeline.total === 0) return
  const next = withEndAt(timeline.workArea, end, frame, timeline.total)
  const area = isPart(next, timeline.total) ? next : null
  edit('Change the work area', () => (timeline.workArea = area), 'workArea')
}

/** Clears the work area, so that exports take the whole film again. */
export function clearWorkArea(): void {
  edit('Clear the work area', () => (useTimeline().workArea = null))
}

function inOrder(markers: readonly DocumentMarker[]): DocumentMarker[] {
  return [...markers].sort((a, b) => a.frame - b.frame)
}
