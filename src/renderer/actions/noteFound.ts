import { useEncoding } from '../stores/encoding'
import { pathOfItem } from '../stores/library'
import { useMissing } from '../stores/missing'
import { useTimeline } from '../stores/timeline'

/**
 * Notes that these files were just read. Items that missed one of them have it again: those on the timeline are
 * encoded, because that has failed while their files were missing.
 */
export function noteFound(read: readonly string[]): void {
  const missing = useMissing()
  const there = new Set(read)
  const found = useTimeline().items.filter((item) => missing.isMissing(item) && there.has(pathOfItem(item)))
  missing.noteRead(read)
  useEncoding().enqueue(found, { retry: true })
}
