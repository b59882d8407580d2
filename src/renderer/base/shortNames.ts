const names = new Map<string, string>()

/**
 * A short name for a long text, the same for equal texts as long as the window lives: what is looked up thousands of times a
 * second must not be compared letter by letter.
 */
export function shortNameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = names.size.toString(36)
  names.set(text, name)
  return name
}
