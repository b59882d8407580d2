import { computed, shallowRef, watch } from 'vue'
import { isCommitting } from '../base/commitFocusedField'

/**
 * Keeps what a field is about for as long as the field has the focus, so that a text is committed to what it was
 * typed for, whatever is selected or played meanwhile. Once that is gone, the field is about what is current.
 *
 * @param current  id of what the field is about without the focus; null for nothing
 * @param exists  whether there is still something of an id
 * @returns the id, and listeners for the field
 */
export function useHeldId(current: () => string | null, exists: (id: string) => boolean) {
  const held = shallowRef<string | null>(null)
  const id = computed(() => held.value ?? current())
  watch(
    () => held.value !== null && !exists(held.value),
    (isGone) => isGone && (held.value = null),
    { flush: 'sync' },
  )
  const handlers = {
    focusin: () => void (held.value = id.value),
    focusout: () => {
      if (!isCommitting()) held.value = null
    },
  }
  return { id, handlers }
}
