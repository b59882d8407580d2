import { shallowRef, watch } from 'vue'

/**
 * Drags something to another value: a frame of the film, the handles of a curve. The original stays unchanged
 * until the drag ends; `value` is what it would become. A press without movement changes nothing. The drag is
 * cancelled if it loses the pointer or if its subject changes: undo may remove the element that holds the
 * pointer, which then receives no release.
 *
 * @param valueAt  returns the value under a pointer
 * @param done  called with the value at which it is dropped
 * @param subject  what is dragged, compared by identity
 */
export function useDrag<Value extends number | readonly number[]>(
  valueAt: (event: PointerEvent) => Value,
  done: (value: Value) => void,
  subject: () => unknown,
) {
  const value = shallowRef<Value | null>(null)
  let pressedAt: Value | null = null

  function cancel(): void {
    value.value = pressedAt = null
  }
  watch(subject, cancel)

  const handlers = {
    pointerdown: (event: PointerEvent) => {
      if (event.button !== 0) return
      event.stopPropagation()
      ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
      pressedAt = valueAt(event)
    },
    pointermove: (event: PointerEvent) => {
      if (pressedAt === null) return
      event.stopPropagation()
      if (!(event.buttons & 1)) return cancel()
      const now = valueAt(event)
      if (value.value !== null || String(now) !== String(pressedAt)) value.value = now
    },
    pointerup: () => {
      const to = value.value
      cancel()
      if (to !== null) done(to)
    },
    pointercancel: cancel,
    lostpointercapture: cancel,
  }
  return { value, handlers }
}
