const names = new Map<string, string>()

/**
 * Returns a short name for a long text, the same for equal texts while the window lives. Keys that are looked
 * up thousands of times a second must not be compared letter by letter.
 */
export function shortNameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = names.size.toString(36)
  names.set(text, name)
  return name
}
