let committing = false

/**
 * Returns whether a field that loses the focus will get it back at once, because it loses it only to commit its
 * text.
 */
export const isCommitting = (): boolean => committing

/**
 * Makes the text field that has the focus, if any, commit what has been typed into it, as it does when it loses
 * the focus. For commands that do not move the focus themselves: keys, the menu, closing the window.
 */
export function commitFocusedField(): void {
  const field = document.activeElement as HTMLElement | null
  if (!field?.matches('input, textarea')) return
  committing = true
  try {
    field.blur()
    field.focus({ preventScroll: true })
  } finally {
    committing = false
  }
}
