const names = new Map<string, string>()

/**
 * Returns a short name for a long text. Equal texts get the same name for as long as the window exists. Names
 * serve as keys that are looked up thousands of times a second, for which comparing long texts would be too
 * slow.
 */
export function shortNameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = names.size.toString(36)
  names.set(text, name)
  return name
}
