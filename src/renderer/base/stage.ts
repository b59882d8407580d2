/** Returns the stage, the main part of the window, which always exists. */
export function findStage(): HTMLElement | null {
  return document.querySelector<HTMLElement>('main')
}

/**
 * Focuses the stage, for when the element that had the focus is gone. The stage can be focused only until it
 * loses the focus, so Tab and clicks never focus it.
 */
export function focusStage(): void {
  const stage = findStage()
  if (!stage) return
  stage.tabIndex = -1
  stage.focus()
  stage.addEventListener('blur', () => stage.removeAttribute('tabindex'), { once: true })
}
