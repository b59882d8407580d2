import { computed, shallowRef, watch } from 'vue'
import { isCommitting } from '../base/commitFocusedField'

/**
 * Keeps the subject of a field for as long as the field has the focus, so that a text is applied to the subject
 * for which it was typed, whatever is selected or played meanwhile. If that subject is removed, the field
 * changes to the current one.
 *
 * @param current  id of the subject of the field while it does not have the focus; null for none
 * @param exists  whether the subject with an id still exists
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
