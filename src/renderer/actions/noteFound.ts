import { useEncoding } from '../stores/encoding'
import { madeFrom, pathOfItem, useLibrary, type Item } from '../stores/library'
import { useMissing } from '../stores/missing'
import { useTimeline } from '../stores/timeline'

/**
 * Notes that these files were just read: items that missed one of them no longer do, nor do items made from
 * them. Those that are on the timeline or failed before are encoded now, which was impossible without the
 * files.
 */
export function noteFound(read: readonly string[]): void {
  const missing = useMissing()
  const library = useLibrary()
  const encoding = useEncoding()
  const there = new Set(read)
  const found = library.items.filter((item) => missing.isMissing(item) && there.has(pathOfItem(item)))
  const ids = found.map(({ id }) => id)
  const whole = new Set([...ids, ...madeFrom(library.latents, ids)])
  missing.noteRead(read)
  const shown = new Set(useTimeline().items.map(({ id }) => id))
  const isWanted = (item: Item) => shown.has(item.id) || encoding.stateOf(item).kind === 'failed'
  encoding.enqueue(
    library.items.filter((item) => whole.has(item.id) && isWanted(item)),
    { retry: true },
  )
}
