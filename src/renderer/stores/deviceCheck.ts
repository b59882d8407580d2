import type { DeviceReport } from '#shared/devices'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { request } from '../base/api'
import { useNotices } from './notices'

/** What the last check found out about the devices of this computer. */
export const useDeviceCheck = defineStore('deviceCheck', () => {
  const reports = shallowRef<readonly DeviceReport[]>([])
  const checking = shallowRef(false)

  async function check(): Promise<void> {
    if (checking.value) return
    checking.value = true
    try {
      reports.value = await request('device.check', {})
    } catch (thrown) {
      useNotices().fail('The devices couldn’t be checked', thrown)
    }
    checking.value = false
  }

  return { reports, checking, check }
})
