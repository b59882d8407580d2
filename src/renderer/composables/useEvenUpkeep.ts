import { watchDebounced } from '@vueuse/core'
import { watch } from 'vue'
import { measureSpreadSegments } from '../actions/evenTiming'
import { useEvenTiming } from '../stores/evenTiming'
import { useTimeline } from '../stores/timeline'

/** How long lengths have to stay as they are before they are measured, in milliseconds: a drag changes them all the time. */
const restMilliseconds = 800

/** Keeps "Even" true: segments whose length has changed are measured again once the timeline rests. */
export function useEvenUpkeep(): void {
  const timeline = useTimeline()
  watch(
    () => timeline.path,
    // What is being measured is of a path that is no more.
    () => useEvenTiming().cancel(),
  )
  watchDebounced(
    () => timeline.path,
    () => void measureSpreadSegments(),
    { debounce: restMilliseconds },
  )
}
