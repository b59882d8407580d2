/** What a number field shows, and what makes it apply that. */
export class FieldText {
  #found = ''
  #cause: Event | null = null

  /** The text when the field was entered or last changed its value. */
  get found(): string {
    return this.#found
  }

  set found(text: string) {
    this.#found = text
    this.#cause = null
  }

  /** Takes note of an event before the field handles it. */
  note(event: Event): void {
    this.#cause = event
  }

  /**
   * Whether the field is applying its text, as it does when it is left and on Enter, and nobody has changed
   * that text. The text is rounded, snapped and clamped, so applying it would change a value that somebody
   * set elsewhere more finely, or further, than the field can.
   */
  isUntouched(text: string): boolean {
    const isApplied = this.#cause?.type === 'blur' || (this.#cause as KeyboardEvent | null)?.key === 'Enter'
    return isApplied && text === this.#found
  }
}
