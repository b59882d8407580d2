import { computed } from 'vue'
import { useLibrary } from '../stores/library'
import { useFocusItem } from './useFocusItem'
import { useHeldId } from './useHeldId'

/**
 * The item that a field applies to: the focus item, kept for as long as the field has the focus. See
 * `useHeldId`.
 *
 * @returns the item, and listeners for the field or for an element around several fields
 */
export function useHeldItem() {
  const library = useLibrary()
  const focus = useFocusItem()
  const { id, handlers } = useHeldId(
    () => focus.value?.id ?? null,
    (known) => library.byId.has(known),
  )
  const item = computed(() => library.byId.get(id.value ?? '') ?? null)
  return { item, handlers }
}
