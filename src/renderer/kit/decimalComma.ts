/**
 * Inserts the typed or pasted decimal comma of a `beforeinput` event as a point, the only decimal separator that a
 * number field knows: it would leave the comma out and join the digits around it, so that “29,97” becomes 2997.
 * The field still decides whether the text with the point may be inserted.
 */
export function insertPointForComma(event: InputEvent): void {
  const { data, inputType, isComposing } = event
  if (isComposing || !data?.includes(',')) return
  event.preventDefault()
  event.stopPropagation()
  const input = event.target as HTMLInputElement
  const text = data.replace(',', '.')
  const insertion = { data: text, inputType, bubbles: true, cancelable: true }
  if (!input.dispatchEvent(new InputEvent('beforeinput', insertion))) return
  input.setRangeText(text, input.selectionStart ?? 0, input.selectionEnd ?? input.value.length, 'end')
  input.dispatchEvent(new InputEvent('input', { ...insertion, cancelable: false }))
}

/**
 * Returns a number without its point, which was typed as a comma, if that stands between thousands: three digits follow
 * it (or six, …), and the number without it is not too large. “1,000” is 1000 where that can be meant, and 1 where it cannot.
 */
export function withoutThousandsComma(text: string, max: number): string {
  const joined = text.replace('.', '')
  return /^[1-9]\d{0,2}\.(\d{3})+$/.test(text) && Number(joined) <= max ? joined : text
}
