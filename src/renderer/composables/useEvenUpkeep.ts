import { watchDebounced } from '@vueuse/core'
import { watch } from 'vue'
import { measureOutdatedSegments } from '../actions/evenTiming'
import { useEvenTiming } from '../stores/evenTiming'
import { useMissing } from '../stores/missing'
import { useProject } from '../stores/project'

/**
 * Milliseconds without any change before segments are measured, because a drag changes their lengths
 * constantly.
 */
const restMilliseconds = 800

/**
 * Keeps even timing correct: once nothing has changed for a moment, measures the segments again that were
 * measured with another length, path, items, settings or model. While the project’s own model is missing,
 * measurements made with it remain valid. Other changes of the document neither stop a measurement nor restart
 * one that was cancelled.
 */
export function useEvenUpkeep(): void {
  const even = useEvenTiming()
  watch(
    () => even.isStale,
    (stale) => stale && even.cancel(),
  )
  watchDebounced(
    // A missing file that was found may be the only reason why a segment could not be measured.
    [() => even.toMeasure, () => useProject().opened, () => useMissing().paths.size],
    () => void measureOutdatedSegments(),
    { debounce: restMilliseconds },
  )
}
