import { useEncoding } from '../stores/encoding'
import { madeFrom, pathOfItem, useLibrary, type Item } from '../stores/library'
import { useMissing } from '../stores/missing'
import { useTimeline } from '../stores/timeline'

/**
 * Notes that these files were just read. Items that missed one of them have it again, and so have those made from
 * them. What is on the timeline or has failed is encoded: it could not be while the files were missing.
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
