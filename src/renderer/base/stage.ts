/** Returns the main part of the window, which is always there. */
export function findStage(): HTMLElement | null {
  return document.querySelector<HTMLElement>('main')
}

/**
 * Focuses the stage, for when what had the focus is gone. It can be focused only until it loses the focus, so that
 * Tab and clicks pass it by.
 */
export function focusStage(): void {
  const stage = findStage()
  if (!stage) return
  stage.tabIndex = -1
  stage.focus()
  stage.addEventListener('blur', () => stage.removeAttribute('tabindex'), { once: true })
}
