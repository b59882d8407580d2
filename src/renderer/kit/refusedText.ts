import type { InjectionKey } from 'vue'

/** Tells the user that a field did not take a text, and what it takes. The window provides it. */
export const refusedText: InjectionKey<(text: string, detail: string) => void> =
  Symbol('what a field did not take')
