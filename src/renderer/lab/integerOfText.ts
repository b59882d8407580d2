/** Parses typed text into an integer from `min` to `max`, both included; null for any other text. */
export function integerOfText(text: string, min: number, max: number): number | null {
  const value = Number(text)
  const isValid = text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max
  return isValid ? value : null
}
