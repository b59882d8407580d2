import { toFailure } from '#shared/errors'
import type { ModelList, PullReport } from '#shared/models'
import type { Progress } from '#shared/progress'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { request } from '../base/api'
import { createTurns } from '../base/turns'

/** A download that is running, or that failed and can be retried. */
export interface Download {
  /** What was requested: a repository id or a URL. */
  readonly model: string
  readonly progress: Progress | null
  /** Why it failed; null while it is running. */
  readonly failure: string | null
}

/** The models on this computer, and those being downloaded. */
export const useModelLibrary = defineStore('modelLibrary', () => {
  const list = shallowRef<ModelList | null>(null)
  const downloads = ref(new Map<string, Download>())
  const controllers = new Map<string, AbortController>()
  const inTurn = createTurns()
  const running = computed(() => [...downloads.value.values()].filter(({ failure }) => failure === null))

  /** Reloads the list of models. */
  async function refresh(): Promise<void> {
    list.value = await request('models.list', {})
  }

  /**
   * Downloads a model, or resumes an earlier download once that has ended.
   *
   * @returns null if the download failed or was cancelled; the reason for a failure is in `downloads`
   */
  async function pull(model: string): Promise<PullReport | null> {
    if (controllers.get(model)?.signal.aborted === false) return null
    const controller = new AbortController()
    const { signal } = controller
    controllers.set(model, controller)
    const update = (part: Partial<Download>): void => {
      if (!signal.aborted) downloads.value.set(model, { model, progress: null, failure: null, ...part })
    }
    update({})
    const onProgress = (progress: Progress): void => update({ progress })
    try {
      const report = await inTurn(model, () => request('models.pull', { model }, { signal, onProgress }))
      if (!signal.aborted) downloads.value.delete(model)
      await refresh().catch(() => undefined)
      return report
    } catch (thrown) {
      const { code, message } = toFailure(thrown)
      if (code !== 'CANCELLED') update({ failure: message })
      else if (!signal.aborted) downloads.value.delete(model)
      // The files that have arrived may already be listed as a model.
      await refresh().catch(() => undefined)
      return null
    } finally {
      if (controllers.get(model) === controller) controllers.delete(model)
    }
  }

  /** Stops a download, or dismisses a failed one. The data that has arrived is kept. */
  function cancel(model: string): void {
    controllers.get(model)?.abort()
    downloads.value.delete(model)
  }

  return { list, downloads, running, refresh, pull, cancel }
})
