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

  /**
   * Whether the field is applying its text, as it does on Enter and when it is left, although the user has not
   * changed that text. The text is rounded, snapped and clamped, so applying it would alter a value that was
   * set elsewhere with more digits, or beyond the range of the field.
   */
  isUntouched(text: string): boolean {
    const isApplied = this.#cause?.type === 'blur' || (this.#cause as KeyboardEvent | null)?.key === 'Enter'
    return isApplied && text === this.#found
  }
}
