import { computed, onScopeDispose, shallowReactive, watch, type Ref } from 'vue'

/** Places for messages in the open dialogs, the topmost last. */
const places = shallowReactive<HTMLElement[]>([])

/**
 * Where messages go: into the topmost open dialog, because neither the keyboard nor a screen reader can reach
 * anything outside it. Null if no dialog is open.
 */
export const messagesPlace = computed(() => places.at(-1) ?? null)

/** Offers an element of a dialog as the place for messages as long as it exists. */
export function offerMessagesPlace(element: Ref<HTMLElement | null>): void {
  const withdraw = (offered: HTMLElement | null | undefined): void => {
    const at = offered ? places.indexOf(offered) : -1
    if (at >= 0) places.splice(at, 1)
  }
  watch(element, (now, before) => {
    withdraw(before)
    if (now) places.push(now)
  })
  onScopeDispose(() => withdraw(element.value))
}
