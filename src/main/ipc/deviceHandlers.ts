import type { Devices } from '#host/devices/Devices'
import type { HandlersOf } from './handlers'

export function deviceHandlers(devices: Pick<Devices, 'check'>): HandlersOf<'device'> {
  return { 'device.check': () => devices.check() }
}
