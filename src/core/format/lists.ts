/** Lists of names in a sentence. */

/** Joins names with a word before the last one: "a", "a and b", "a, b and c". */
export function joinNames(names: readonly string[], word: 'and' | 'or' = 'and'): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`
}

/** Lists the first `most` names and counts the others: "a, b", "a, b and 3 more". */
export function nameSome(names: readonly (string | number)[], most: number): string {
  const shown = names.slice(0, most).join(', ')
  return names.length > most ? `${shown} and ${names.length - most} more` : shown
}
