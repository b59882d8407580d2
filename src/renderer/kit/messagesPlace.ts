import { computed, onScopeDispose, shallowReactive, watch, type Ref } from 'vue'

/** The elements in open dialogs that can hold messages, the topmost last. */
const places = shallowReactive<HTMLElement[]>([])

/**
 * The element that messages appear in: that of the topmost open dialog, because neither the keyboard nor a
 * screen reader can reach anything outside it. Null if no dialog is open.
 */
export const messagesPlace = computed(() => places.at(-1) ?? null)

/** Makes an element of a dialog the place for messages for as long as it exists. */
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
