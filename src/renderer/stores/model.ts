import type { EngineState } from '#shared/app'
import type { Provider } from '#shared/devices'
import type { ModelInfo } from '#shared/reports'
import type { ModelSource } from '#shared/settings'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { request } from '../base/api'
import { stableJson } from '../base/stableJson'
import { usePreferences } from './preferences'

/** The model in use and the engine process that runs it. */
export const useModel = defineStore('model', () => {
  const preferences = usePreferences()
  const info = shallowRef<ModelInfo | null>(null)
  const engine = ref<EngineState>({ state: 'ready', message: null, compute: null })
  /** Ways to a graphics card that this platform may have. */
  const devices = ref<readonly Provider[]>([])
  /** What requests name as their model. */
  const source = computed<ModelSource | null>(() => {
    const { threads, device, precision } = preferences
    return info.value && { path: info.value.path, threads, device, precision }
  })
  /** What decides the bytes of its answers: equal identity, equal pixels. */
  const identity = computed(() =>
    stableJson([info.value?.sha256, source.value?.device, source.value?.precision]),
  )

  /** Opens another model folder; what is open stays when that one is no model. */
  async function open(path: string): Promise<void> {
    info.value = await request('model.info', { model: { path, threads: preferences.threads } })
    await preferences.change({ modelPath: path })
  }

  /** Goes back to the model that came with the app. */
  async function openBundled(): Promise<void> {
    await preferences.change({ modelPath: null })
    info.value = (await request('app.state', {})).model
  }

  return { info, engine, devices, source, identity, open, openBundled }
})
