let committing = false

/** Returns whether a field that loses the focus is about to get it back, because it only takes over its text. */
export const isCommitting = (): boolean => committing

/**
 * Makes the text field that has the focus, if one has, take over what has been typed into it, as it does when it is left.
 * For commands that do not move the focus themselves: keys, the menu, closing the window.
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
