import type { LastWork } from '#shared/app'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { baseName } from '#core/format/baseName'

/** What is offered after the app ended before it could end properly. */
export const useRecovery = defineStore('recovery', () => {
  /** Name of the work, while somebody is asked. */
  const name = shallowRef<string | null>(null)
  let answered: (recover: boolean) => void = () => undefined

  /** Asks whether to take up the work; resolves with the answer. */
  function offer({ path }: LastWork): Promise<boolean> {
    name.value = path === null ? 'your untitled work' : `“${baseName(path)}”`
    return new Promise((resolve) => (answered = resolve))
  }

  function answer(recover: boolean): void {
    name.value = null
    answered(recover)
  }

  return { name, offer, answer }
})
