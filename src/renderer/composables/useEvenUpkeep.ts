import { watchDebounced } from '@vueuse/core'
import { watch } from 'vue'
import { measureOutdatedSegments } from '../actions/evenTiming'
import { useEvenTiming } from '../stores/evenTiming'
import { useTimeline } from '../stores/timeline'

/** Milliseconds that the timeline must rest before it is measured: a drag changes lengths constantly. */
const restMilliseconds = 800

/**
 * Keeps even timing correct: measures segments again, once the timeline rests, whose length or path has changed, or
 * the items that their frames are made of. The settings of encoding and decoding, and the model, are no such change.
 */
export function useEvenUpkeep(): void {
  const timeline = useTimeline()
  watch(
    () => timeline.path,
    // A running measurement is of a path that no longer exists.
    () => useEvenTiming().cancel(),
  )
  watchDebounced(
    () => timeline.path,
    () => void measureOutdatedSegments(),
    { debounce: restMilliseconds },
  )
}
