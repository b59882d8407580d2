/**
 * Returns what a key press means for a text that is being typed: Enter applies the text, Escape restores the
 * previous one. Null for any other key, and while an input method composes a character, because it uses both
 * keys itself.
 */
export function endOfTyping(press: Pick<KeyboardEvent, 'key' | 'isComposing'>): 'take' | 'restore' | null {
  if (press.isComposing) return null
  if (press.key === 'Enter') return 'take'
  return press.key === 'Escape' ? 'restore' : null
}

/**
 * Receives a typed name, or null to keep the previous one, and whether a key or leaving the field ended typing.
 */
export type FinishName = (name: string | null, byKey: boolean) => void

/** Returns the event handlers of a field in which a name is typed. They call `finish` only once. */
export function nameHandlers(finish: FinishName) {
  let finished = false
  function finishOnce(name: string | null, byKey: boolean): void {
    if (finished) return
    finished = true
    finish(name, byKey)
  }
  const valueOf = ({ target }: Event): string => (target as HTMLInputElement).value
  return {
    blur: (event: Event) => finishOnce(valueOf(event), false),
    keydown(event: KeyboardEvent): void {
      const end = endOfTyping(event)
      if (!end) return
      event.preventDefault()
      event.stopPropagation()
      finishOnce(end === 'take' ? valueOf(event) : null, true)
    },
  }
}
