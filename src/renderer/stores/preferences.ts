import type { Preferences } from '#shared/app'
import type { DeviceChoice, Precision } from '#shared/devices'
import type { InferenceServer } from '#shared/inferenceServer'
import type { ModelReading } from '#shared/modelSource'
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { request } from '../base/api'
import { createTickets } from '../base/tickets'

/** What the user sets once: theme, text size, threads, device, precision, server, model folder. */
export const usePreferences = defineStore('preferences', () => {
  const theme = ref<Preferences['theme']>('system')
  const textSize = ref(100)
  const threads = ref(0)
  const device = ref<DeviceChoice>('auto')
  const precision = ref<Precision>('fp32')
  const server = shallowRef<InferenceServer | null>(null)
  const modelPath = ref<string | null>(null)
  const modelReading = ref<ModelReading>({})
  const modelFolders = ref<string[]>([])
  const downloads = ref(true)
  const begin = createTickets()

  /** Loads what the main process has on disk. */
  function load(preferences: Preferences): void {
    theme.value = preferences.theme
    textSize.value = preferences.textSize
    threads.value = preferences.threads
    device.value = preferences.device
    precision.value = preferences.precision
    server.value = preferences.server
    modelPath.value = preferences.modelPath
    modelReading.value = preferences.modelReading
    modelFolders.value = preferences.modelFolders
    downloads.value = preferences.downloads
  }

  /**
   * Changes and saves some preferences. An answer is ignored if it does not include a later change. A server
   * takes effect only once it is saved, because the user may be asked about it and decline.
   */
  async function change(changes: Partial<Preferences>): Promise<void> {
    const isLast = begin()
    const { server: asked, ...others } = changes
    load({
      theme: theme.value,
      textSize: textSize.value,
      threads: threads.value,
      device: device.value,
      precision: precision.value,
      server: server.value,
      modelPath: modelPath.value,
      modelReading: modelReading.value,
      modelFolders: modelFolders.value,
      downloads: downloads.value,
      ...others,
    })
    const all = await request('app.setPreferences', changes)
    if (isLast()) load(all)
    else if (asked !== undefined) server.value = all.server
  }

  return {
    theme,
    textSize,
    threads,
    device,
    precision,
    server,
    modelPath,
    modelReading,
    modelFolders,
    downloads,
    load,
    change,
  }
})
