import type { Segment } from '#core/timeline/path'
import { useEncoding } from '../stores/encoding'
import { isPicture, useLibrary, type Item, type Latent } from '../stores/library'
import { usePlayer } from '../stores/player'
import { useTimeline } from '../stores/timeline'
import { useWorkspace } from '../stores/workspace'
import { edit } from './document'

/**
 * Appends items to the timeline and moves the playhead there. Latents that are not in the library yet are
 * added to it.
 *
 * @param between  the settings of the segments between these items
 */
export function appendStops(label: string, items: readonly Item[], between: Partial<Segment> = {}): void {
  const timeline = useTimeline()
  const library = useLibrary()
  const first = timeline.path.stops.length
  const done = edit(label, () => {
    const latents = [...new Set(items)].filter((item): item is Latent => !isPicture(item))
    library.addLatents(latents.filter(({ id }) => !library.byId.has(id)))
    timeline.insert(items.map(({ id }) => id))
    for (let at = 0; at < items.length - 1; at++) timeline.change(first + at, between)
  })
  if (!done) return
  useEncoding().enqueue(items, { first: true })
  useWorkspace().view = 'morph'
  usePlayer().seek(timeline.stopsAt[first] ?? 0)
}
