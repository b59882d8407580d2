import type { BezierHandles } from '#core/timeline/easing'
import { computed, ref, watch } from 'vue'
import { readHandles, writeHandles } from '../../timeline/handlesText'

/**
 * The text of a field for a curve's handles. What cannot be read stays to be corrected, until the curve changes or
 * another one is shown.
 *
 * @param handles  of the curve; null if it has none
 * @param curve  identifies the curve
 */
export function useHandlesField(
  handles: () => BezierHandles | null,
  curve: () => unknown,
  change: (handles: BezierHandles) => void,
) {
  const written = computed(() => {
    const now = handles()
    return now ? writeHandles(now) : ''
  })
  /** The text being typed, or refused; null if it is the curve's. */
  const typed = ref<string | null>(null)
  const refused = ref(false)
  const text = computed({ get: () => typed.value ?? written.value, set: (now) => (typed.value = now) })
  /** Whether the text was refused and is not readable yet. */
  const wrong = computed(() => refused.value && readHandles(text.value) === null)

  /** Changes the curve as the text says. */
  function take(): void {
    if (text.value === written.value) return restore()
    const read = readHandles(text.value)
    refused.value = read === null
    if (!read) return
    restore()
    change(read)
  }

  /** Shows the curve's own handles again. */
  function restore(): void {
    typed.value = null
    refused.value = false
  }

  watch([written, curve], restore, { flush: 'sync' })
  return { text, written, wrong, take, restore }
}
