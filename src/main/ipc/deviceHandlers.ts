import { setUpCuda } from '#host/cuda/setUpCuda'
import type { Devices } from '#host/devices/Devices'
import type { EnginePort } from '#shared/engineMessages'
import { StudioError } from '#shared/errors'
import type { Progress } from '#shared/progress'
import type { PreferencesFile } from '../preferences'
import type { HandlersOf } from './handlers'

export interface DeviceHandlerParts {
  readonly devices: Pick<Devices, 'check'>
  readonly preferences: Pick<PreferencesFile, 'value'>
  startDownload(): EnginePort
  onProgress(requestId: string, progress: Progress): void
}

/** Checks of the devices, and the set-up of CUDA. */
export function deviceHandlers(parts: DeviceHandlerParts): HandlersOf<'device'> {
  return {
    'device.check': () => parts.devices.check(),

    async 'device.setUpCuda'(_input, { requestId, signal }) {
      if (!parts.preferences.value.downloads) {
        throw new StudioError('FORBIDDEN', 'Downloads are switched off: switch them on under Models.')
      }
      const onProgress = (progress: Progress): void => parts.onProgress(requestId, progress)
      await setUpCuda(parts.startDownload, { onProgress, signal })
      return parts.devices.check()
    },
  }
}
