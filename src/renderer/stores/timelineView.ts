import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { usePlayer } from './player'
import { useTimeline } from './timeline'

/** Frames in view at the highest zoom. */
const fewest = 4

/** The part of the film that the timeline shows: all of it, or a window that zooms and pans. */
export const useTimelineView = defineStore('timelineView', () => {
  const timeline = useTimeline()
  const player = usePlayer()
  /** Zoom factor; at 1 the whole film is in view. */
  const wanted = ref(1)
  const left = ref(0)
  /** Frames from the first stop to the end; a closed path ends with its first picture again. */
  const span = computed(() => Math.max(1, timeline.closed ? timeline.total : timeline.total - 1))
  const zoom = computed(() => Math.min(wanted.value, Math.max(1, span.value / fewest)))
  /** Frames in view. */
  const visible = computed(() => span.value / zoom.value)
  /** The frame at the left edge; may be fractional. */
  const start = computed(() => Math.max(0, Math.min(left.value, span.value - visible.value)))

  function pan(frames: number): void {
    left.value = Math.max(0, Math.min(start.value + frames, span.value - visible.value))
  }

  /** Zooms by a factor around a frame, which keeps its place in view. */
  function zoomBy(factor: number, about: number = player.playhead): void {
    const share = (about - start.value) / visible.value
    wanted.value = Math.max(1, Math.min(zoom.value * factor, span.value / fewest))
    left.value = about - Math.min(1, Math.max(0, share)) * visible.value
  }

  /** Shows the whole film. */
  function fit(): void {
    wanted.value = 1
    left.value = 0
  }

  /** Brings a frame into view if it is outside. */
  function reveal(frame: number): void {
    if (frame >= start.value && frame <= start.value + visible.value) return
    left.value = frame - visible.value * (player.playing ? 0.1 : 0.5)
  }

  watch(
    () => player.playhead,
    (frame) => {
      if (!player.scrubbing) reveal(frame)
    },
  )

  return { span, zoom, visible, start, pan, zoomBy, fit, reveal }
})
