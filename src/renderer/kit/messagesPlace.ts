import { computed, onScopeDispose, shallowReactive, watch, type Ref } from 'vue'

/** Room for messages in the open dialogs, the topmost last. */
const places = shallowReactive<HTMLElement[]>([])

/**
 * Where messages belong: within the topmost dialog, for what is outside of an open one can neither be reached by
 * keyboard nor by a screen reader; null while none is open.
 */
export const messagesPlace = computed(() => places.at(-1) ?? null)

/** Offers an element of a dialog as the place of messages for as long as it is there. */
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
