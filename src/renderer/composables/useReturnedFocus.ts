import { nextTick, onBeforeUnmount, onUnmounted, type Ref } from 'vue'
import { findStage, focusStage } from '../base/stage'

/**
 * When a part of the window closes that has the focus, returns the focus to the element that had it when the
 * part opened. If that element is gone or there was none, the stage gets the focus.
 */
export function useReturnedFocus(part: Readonly<Ref<HTMLElement | null>>): void {
  const opener = document.activeElement
  let hadFocus = false

  onBeforeUnmount(() => (hadFocus = part.value?.contains(document.activeElement) ?? false))
  onUnmounted(async () => {
    // Another part that opens in its place may take the focus.
    await nextTick()
    if (hadFocus && isNowhere()) focusAgain(opener)
  })
}

function isNowhere(): boolean {
  const { activeElement, body } = document
  return activeElement === null || activeElement === body || activeElement === findStage()
}

function focusAgain(opener: Element | null): void {
  const isThere = opener instanceof HTMLElement && opener !== document.body && opener.isConnected
  // The stage itself can be focused only by focusStage.
  if (isThere && opener !== findStage()) opener.focus()
  else focusStage()
}
