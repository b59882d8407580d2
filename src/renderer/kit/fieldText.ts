import { readNumber, type NumberRange } from '#core/format/typedNumber'

/** Without an exponent and without commas, as the field itself reads it. */
const plain = new Intl.NumberFormat('en', { useGrouping: false, maximumFractionDigits: 20 })

/** The text of a number field, and the event that makes the field apply it. */
export class FieldText {
  #found = ''
  #cause: Event | null = null

  /** The text that the field showed when it was entered or when its value last changed. */
  get found(): string {
    return this.#found
  }

  set found(text: string) {
    this.#found = text
    this.#cause = null
  }

  /** Records an event before the field handles it. */
  note(event: Event): void {
    this.#cause = event
  }

  /** Whether the field is applying its text, as it does on Enter and when it is left. */
  get isApplied(): boolean {
    return this.#cause?.type === 'blur' || (this.#cause as KeyboardEvent | null)?.key === 'Enter'
  }

  /**
   * Whether the field is applying its text although the user has not changed it. The text is rounded, so
   * applying it would alter a value that was set elsewhere with more digits, or beyond the range of the field.
   */
  isUntouched(text: string): boolean {
    return this.isApplied && text === this.#found
  }

  /**
   * Returns the text with which the field goes on: the typed number, written plainly, or the text that was found
   * if nothing was typed. Null if what was typed is no number of the range.
   */
  settle(text: string, range: NumberRange): string | null {
    if (text === this.#found || text.trim() === '') return this.#found
    const value = readNumber(text, range)
    return value === null ? null : plain.format(value)
  }
}
