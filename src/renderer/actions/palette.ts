import { useSelection } from '../stores/selection'
import { useTimeline } from '../stores/timeline'
import { useWorkspace } from '../stores/workspace'
import { commandRows, type ActionRow } from './actionRows'
import { segmentRows } from './segmentRows'
import { stopRows } from './stopRows'

/** Actions that belong together; the title names what they apply to. */
export interface PaletteSection {
  readonly title: string
  readonly rows: readonly ActionRow[]
}

/** Returns everything that can be done now: first with the selection on the timeline, then with the window. */
export function paletteSections(): PaletteSection[] {
  const selection = useSelection()
  const timeline = useTimeline()
  const sections: PaletteSection[] = []
  const [stop] = selection.stops
  if (useWorkspace().view === 'morph' && stop !== undefined) {
    const { name } = timeline.items[stop]
    const title = selection.stops.length > 1 ? `${selection.stops.length} stops` : `Stop: ${name}`
    sections.push({ title, rows: stopRows(stop).flat() })
  }
  if (useWorkspace().view === 'morph' && selection.segment !== null) {
    const rows = segmentRows(selection.segment).flat()
    sections.push({ title: `Segment ${selection.segment + 1}`, rows })
  }
  return [...sections, { title: 'Commands', rows: commandRows() }]
}

/**
 * Returns the matching actions: each word typed must begin a word of the title. An empty query matches all.
 */
export function findActions(sections: readonly PaletteSection[], query: string): PaletteSection[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean)
  return sections
    .map(({ title, rows }) => ({
      title,
      rows: rows.filter((row) => {
        const words = row.title.toLowerCase().split(/[^\p{L}\p{N}]+/u)
        const isMeant = wanted.every((part) => words.some((word) => word.startsWith(part)))
        return isMeant && !row.disabled && row.id !== 'showPalette'
      }),
    }))
    .filter(({ rows }) => rows.length > 0)
}
