import { toFailure } from '#shared/errors'
import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import { request } from '../base/api'
import { useModel } from './model'
import { useSettings } from './settings'

/** The timesteps that encoding visits under the current settings, as chosen by the engine. */
export const useTimesteps = defineStore('timesteps', () => {
  const model = useModel()
  const settings = useSettings()
  const timesteps = shallowRef<number[]>([])
  /** Why the schedule cannot satisfy the settings; null if it can. */
  const refusal = shallowRef<string | null>(null)
  let controller: AbortController | null = null

  async function load(): Promise<void> {
    controller?.abort()
    controller = new AbortController()
    const { signal } = controller
    if (!model.source) return
    try {
      const found = await request(
        'model.timesteps',
        { model: model.source, settings: settings.encode },
        { signal },
      )
      if (!signal.aborted) [timesteps.value, refusal.value] = [found, null]
    } catch (thrown) {
      if (!signal.aborted) refusal.value = toFailure(thrown).message
    }
  }

  watch([() => model.source, () => settings.encode], () => void load(), { immediate: true })
  return { timesteps, refusal }
})
