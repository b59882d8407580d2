import { untitled, type LastWork } from '#shared/app'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { baseName } from '#core/format/baseName'

/** The offer to recover work after the app did not shut down properly. */
export const useRecovery = defineStore('recovery', () => {
  /** Name of the work while the question is open. */
  const name = shallowRef<string | null>(null)
  let answered: (recover: boolean) => void = () => undefined

  /** Asks whether to recover the work, and resolves with the answer. */
  function offer({ path, name: title }: LastWork): Promise<boolean> {
    const isUntitled = path === null && title === untitled
    name.value = isUntitled ? 'your untitled work' : `“${path === null ? title : baseName(path)}”`
    return new Promise((resolve) => (answered = resolve))
  }

  function answer(recover: boolean): void {
    name.value = null
    answered(recover)
  }

  return { name, offer, answer }
})
