/**
 * Handles a `beforeinput` event with a typed or pasted decimal comma: inserts a point instead, the only decimal
 * separator that a number field accepts. The field would drop the comma and join the digits around it, turning
 * “29,97” into 2997. The field still decides whether the text with the point may be inserted.
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
 * Returns a number without its point, which was typed as a comma, if the comma can be a thousands separator:
 * three digits follow it (or six, …), and the number without it is not too large. “1,000” is 1000 where 1000 is
 * allowed, and 1 where it is not.
 */
export function withoutThousandsComma(text: string, max: number): string {
  const joined = text.replace('.', '')
  return /^[1-9]\d{0,2}\.(\d{3})+$/.test(text) && Number(joined) <= max ? joined : text
}
