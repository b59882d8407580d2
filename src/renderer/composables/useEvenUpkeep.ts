import { watchDebounced } from '@vueuse/core'
import { watch } from 'vue'
import { measureOutdatedSegments } from '../actions/evenTiming'
import { useDocument } from '../stores/document'
import { useEvenTiming } from '../stores/evenTiming'
import { useTimeline } from '../stores/timeline'

/** Milliseconds for which nothing may change before it is measured: a drag changes lengths constantly. */
const restMilliseconds = 800

/**
 * Keeps even timing correct: measures segments again, once nothing changes any more, that were measured with another
 * length, path, items, settings or model. While the project's own model is missing, its measurements count.
 */
export function useEvenUpkeep(): void {
  const [document, timeline, even] = [useDocument(), useTimeline(), useEvenTiming()]
  watch(
    () => timeline.path,
    // A running measurement is of a path that no longer exists.
    () => even.cancel(),
  )
  watchDebounced(
    [
      () => timeline.path,
      () => timeline.pinned,
      () => document.value.pictures,
      () => document.value.latents,
      () => document.value.encode,
      () => document.value.decode,
      () => even.acceptedModels,
    ],
    () => void measureOutdatedSegments(),
    { debounce: restMilliseconds },
  )
}
