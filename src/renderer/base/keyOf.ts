/** The fields of a key press, as in a KeyboardEvent. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'> &
  Partial<Pick<KeyboardEvent, 'code' | 'getModifierState'>>

/**
 * Returns the key of a press as shortcuts name it: by the character printed on it, so that Dvorak and QWERTZ
 * keyboards use their own letters. If the keyboard prints no such character, the position of the key decides: a
 * letter outside a–z (Russian, Greek, Hebrew) counts as the letter that an English keyboard has there, and the
 * keys 1 to 4 without Shift count as digits (French). A character typed with AltGr counts as printed.
 */
export function keyOf(press: KeyPress): string {
  const { key, code = '', shiftKey } = press
  // Names of keys, such as ArrowLeft, are longer than a character.
  if (key.length !== 1) return key
  const printed = key.toLowerCase()
  if (press.getModifierState?.('AltGraph')) return printed
  if (isForeignLetter(printed)) return englishKeyAt(code, printed) ?? printed
  // On Czech keyboards, the plus that zooms in is typed without Shift on the key of the 1.
  const isDigitKey = /^Digit[1-4]$/.test(code) && !shiftKey && !/[\d+]/.test(printed)
  return isDigitKey ? code.slice(-1) : printed
}

function isForeignLetter(character: string): boolean {
  return /\p{L}/u.test(character) && !/[a-z]/.test(character)
}

/**
 * Returns the lower-case letter, digit or comma that an English keyboard has at a position; null for other
 * keys.
 */
function englishKeyAt(code: string, letter: string): string | null {
  // In Latin alphabets the comma is printed on another key; at this position, Turkish has ö.
  if (code === 'Comma') return /\p{Script=Latin}/u.test(letter) ? null : ','
  return /^(?:Key|Digit)(.)$/.exec(code)?.[1].toLowerCase() ?? null
}
