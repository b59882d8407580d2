import { watchDebounced } from '@vueuse/core'
import { watch } from 'vue'
import { measureOutdatedSegments } from '../actions/evenTiming'
import { useEvenTiming } from '../stores/evenTiming'
import { useMissing } from '../stores/missing'
import { useProject } from '../stores/project'

/** Milliseconds for which nothing may change before it is measured: a drag changes lengths constantly. */
const restMilliseconds = 800

/**
 * Keeps even timing correct: measures segments again, once nothing changes any more, that were measured with another
 * length, path, items, settings or model. While the project's own model is missing, its measurements count. Other
 * changes of the document neither end a measurement nor begin one again that was cancelled.
 */
export function useEvenUpkeep(): void {
  const even = useEvenTiming()
  watch(
    () => even.isStale,
    (stale) => stale && even.cancel(),
  )
  watchDebounced(
    // A file that was missing may have been all that kept a segment from being measured.
    [() => even.toMeasure, () => useProject().opened, () => useMissing().paths.size],
    () => void measureOutdatedSegments(),
    { debounce: restMilliseconds },
  )
}
