/** The fields of a key press, as in a KeyboardEvent. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'> &
  Partial<Pick<KeyboardEvent, 'code' | 'getModifierState'>>

/**
 * Returns the key of a press as shortcuts name it: by its printed character, so that the letters of Dvorak and
 * QWERTZ keyboards stay where they are printed. Where a keyboard prints no such character, the place of the key
 * decides: a letter outside a–z (Russian, Greek, Hebrew) is the one that an English keyboard has there, and an
 * unshifted key of the digits 1 to 4 is its digit (French). What AltGr prints is taken as printed.
 */
export function keyOf(press: KeyPress): string {
  const { key, code = '', shiftKey } = press
  // Names of keys, such as ArrowLeft, are longer than a character.
  if (key.length !== 1) return key
  const printed = key.toLowerCase()
  if (press.getModifierState?.('AltGraph')) return printed
  if (isForeignLetter(printed)) return englishKeyAt(code, printed) ?? printed
  // On Czech keyboards, the plus that zooms is unshifted on the key of the 1.
  const isDigitKey = /^Digit[1-4]$/.test(code) && !shiftKey && !/[\d+]/.test(printed)
  return isDigitKey ? code.slice(-1) : printed
}

function isForeignLetter(character: string): boolean {
  return /\p{L}/u.test(character) && !/[a-z]/.test(character)
}

/** Returns the lower-case letter, digit or comma that an English keyboard has at a place; null for others. */
function englishKeyAt(code: string, letter: string): string | null {
  // Latin alphabets have their comma elsewhere, where it is printed: Turkish has ö at its place.
  if (code === 'Comma') return /\p{Script=Latin}/u.test(letter) ? null : ','
  return /^(?:Key|Digit)(.)$/.exec(code)?.[1].toLowerCase() ?? null
}
