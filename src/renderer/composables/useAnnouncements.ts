import { computed, ref, watch } from 'vue'
import { encodingEnd } from '../labels/endings'
import { useEncoding } from '../stores/encoding'
import { useEvenTiming } from '../stores/evenTiming'
import { useFrames } from '../stores/frames'
import { useTimeline } from '../stores/timeline'

/** Returns the text of a live region that announces the end of work for which no notice is shown. */
export function useAnnouncements() {
  const encoding = useEncoding()
  const even = useEvenTiming()
  const frames = useFrames()
  const timeline = useTimeline()
  const { text, announce } = useLiveText()
  const finished = computed(() => {
    for (let frame = 0; frame < timeline.total; frame++) {
      if (frames.kept.qualityAt(frame) !== 'final') return false
    }
    return timeline.total > 0
  })

  watch(
    () => encoding.queue,
    (now, before) => {
      const hasEnded = now.length === 0 && before.length > 0 && encoding.endings.length > 0
      if (hasEnded) announce(encodingEnd(encoding.endings))
    },
  )
  watch(
    () => even.ended,
    (ended) => ended && announce(`Even timing ${ended.how}`),
  )
  watch(finished, (now) => {
    if (now) announce(`All ${timeline.total} frames are rendered`)
  })
  return text
}

/**
 * How long a live region stays empty before its next text, in milliseconds. Screen readers can miss shorter
 * gaps.
 */
const pause = 100

/**
 * The text of a live region. A screen reader speaks only when the text changes, so the region is emptied for a
 * moment, in case the next text is the same.
 */
function useLiveText() {
  const text = ref('')
  let waiting: string[] = []

  function announce(words: string): void {
    text.value = ''
    if (waiting.push(words) === 1) setTimeout(speak, pause)
  }

  function speak(): void {
    text.value = waiting.join('. ')
    waiting = []
  }

  return { text, announce }
}
