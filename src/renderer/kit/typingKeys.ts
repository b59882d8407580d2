/**
 * Returns what a key press means for a text that is being typed: Enter takes it over, Escape restores the text before.
 * Null for any other key, and while an input method composes a character, for which both keys have a use of their own.
 */
export function endOfTyping(press: Pick<KeyboardEvent, 'key' | 'isComposing'>): 'take' | 'restore' | null {
  if (press.isComposing) return null
  if (press.key === 'Enter') return 'take'
  return press.key === 'Escape' ? 'restore' : null
}

/** Receives a typed name, or null to keep the name there was, and whether a key or leaving the field ended typing. */
export type FinishName = (name: string | null, byKey: boolean) => void

/** Returns the handlers of a field in which a name is typed; they finish it once. */
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
