import { cudaSetup, type DeviceReport } from '#shared/devices'
import type { Progress } from '#shared/progress'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { request } from '../base/api'
import { useNotices } from './notices'

/** The results of the last check of this computer's devices. */
export const useDeviceCheck = defineStore('deviceCheck', () => {
  const reports = shallowRef<readonly DeviceReport[]>([])
  const checking = shallowRef(false)
  /** Progress of the CUDA provider's download; null if none is running. */
  const settingUp = shallowRef<Progress | null>(null)
  let cancelling = new AbortController()
  /**
   * Whether there is an NVIDIA driver and, as far as is known, its graphics card needs nothing but the CUDA
   * provider.
   */
  const lacksCuda = computed(() => reports.value.some(({ remedy }) => remedy === cudaSetup))

  function check(): Promise<void> {
    return find('The devices couldn’t be checked', () => request('device.check', {}))
  }

  function setUpCuda(): Promise<void> {
    cancelling = new AbortController()
    const { signal } = cancelling
    const onProgress = (progress: Progress): void => void (settingUp.value = progress)
    return find('CUDA couldn’t be set up', () => request('device.setUpCuda', {}, { onProgress, signal }))
  }

  async function find(failed: string, ask: () => Promise<readonly DeviceReport[]>): Promise<void> {
    if (checking.value) return
    checking.value = true
    try {
      reports.value = await ask()
    } catch (thrown) {
      useNotices().fail(failed, thrown)
    }
    checking.value = false
    settingUp.value = null
  }

  return { reports, checking, settingUp, lacksCuda, check, setUpCuda, cancel: () => cancelling.abort() }
})
