import { watchDebounced } from '@vueuse/core'
import { useEncoding } from '../stores/encoding'
import { useModel } from '../stores/model'
import { useTimeline } from '../stores/timeline'

/** Debounce time, long enough that the moves of a slider count as one. */
const quietMilliseconds = 350

/**
 * Encodes the items on the timeline, ahead of all others, whenever they or the settings change. Other items
 * that are being encoded or waiting are also encoded under the new settings.
 */
export function useAutoEncode(): void {
  const timeline = useTimeline()
  const encoding = useEncoding()
  const model = useModel()
  watchDebounced(
    () => [model.info?.sha256, ...timeline.items.map(encoding.keyOf)].join('\n'),
    () => model.info && encoding.enqueue(timeline.items, { first: true }),
    { debounce: quietMilliseconds },
  )
  watchDebounced(
    () => encoding.outdated.map(encoding.keyOf).join('\n'),
    () => encoding.enqueue(encoding.outdated),
    { debounce: quietMilliseconds },
  )
}
