import { computed, ref, watch } from 'vue'
import { useEncoding } from '../stores/encoding'
import { useEvenTiming } from '../stores/evenTiming'
import { useFrames } from '../stores/frames'
import { useTimeline } from '../stores/timeline'

/** Returns the text of a live region: work that has finished without any other notice. */
export function useAnnouncements() {
  const encoding = useEncoding()
  const even = useEvenTiming()
  const frames = useFrames()
  const timeline = useTimeline()
  const text = ref('')
  const finished = computed(() => {
    for (let frame = 0; frame < timeline.total; frame++) {
      if (frames.kept.qualityAt(frame) !== 'final') return false
    }
    return timeline.total > 0
  })

  watch(
    () => encoding.queue,
    (now, before) => {
      if (now.length > 0 || before.length === 0) return
      text.value = before.at(-1)!.state === 'stopping' ? 'Encoding cancelled' : 'Encoding finished'
    },
  )
  watch(
    () => even.finished,
    () => (text.value = 'Even timing finished'),
  )
  watch(finished, (now) => {
    if (now) text.value = `All ${timeline.total} frames are rendered`
  })
  return text
}
