import { computed, ref, watch } from 'vue'
import { useEncoding } from '../stores/encoding'
import { useFrames } from '../stores/frames'
import { useTimeline } from '../stores/timeline'

/** What finishes without anybody being told otherwise, for a live region. */
export function useAnnouncements() {
  const encoding = useEncoding()
  const frames = useFrames()
  const timeline = useTimeline()
  const text = ref('')
  const finished = computed(
    () =>
      timeline.total > 0 &&
      Array.from({ length: timeline.total }, (_unused, frame) => frames.qualityAt(frame)).every(
        (quality) => quality === 'final',
      ),
  )

  watch(
    () => encoding.queue.length,
    (now, before) => {
      if (now === 0 && before > 0) text.value = 'Encoding finished'
    },
  )
  watch(finished, (now) => {
    if (now) text.value = `All ${timeline.total} frames are rendered`
  })
  return text
}
