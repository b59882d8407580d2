/**
 * Makes the text field that has the focus, if one has, take over what has been typed into it, as it does when it is left.
 * For commands that do not move the focus themselves: keys, the menu, closing the window.
 */
export function commitFocusedField(): void {
  const field = document.activeElement as HTMLElement | null
  if (!field?.matches('input, textarea')) return
  field.blur()
  field.focus({ preventScroll: true })
}
