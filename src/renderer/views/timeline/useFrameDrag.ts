import { ref } from 'vue'

/**
 * Drags something along the film, frame by frame. It stays where it was until the drag ends, and `frame` says
 * where it would go. A press without a move changes nothing.
 *
 * @param frameAt  returns the frame under a pointer
 * @param done  called with the frame at which it is dropped
 */
export function useFrameDrag(frameAt: (event: PointerEvent) => number, done: (frame: number) => void) {
  const frame = ref<number | null>(null)
  let pressedAt: number | null = null

  const handlers = {
    pointerdown: (event: PointerEvent) => {
      if (event.button !== 0) return
      event.stopPropagation()
      ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
      pressedAt = frameAt(event)
    },
    pointermove: (event: PointerEvent) => {
      if (pressedAt === null) return
      event.stopPropagation()
      const now = frameAt(event)
      if (frame.value !== null || now !== pressedAt) frame.value = now
    },
    pointerup: () => {
      const to = frame.value
      frame.value = pressedAt = null
      if (to !== null) done(to)
    },
    pointercancel: () => (frame.value = pressedAt = null),
  }
  return { frame, handlers }
}
