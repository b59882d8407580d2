import { join } from 'node:path'
import { cacheFolder } from '#files/cacheFolder'
import { Devices } from '#host/devices/Devices'
import { fingerprintMachine } from '#host/devices/fingerprint'
import { ProbeCache } from '#host/devices/ProbeCache'
import type { CommandEnvironment } from './installation'

/**
 * Opens this machine's devices for commands.
 *
 * @param onReplaced  told why a request runs on another device or at another precision than was asked for, and why
 *   `--device auto` takes the CPU if the machine has a device that did not pass its test
 */
export function openDevices(
  { probeEntry, fork }: CommandEnvironment,
  onReplaced?: (reason: string) => void,
): Devices {
  return new Devices({
    ...(onReplaced && { onReplaced }),
    startProbe: (log, tf32) => fork(probeEntry, log, tf32),
    openProbeCache: async () =>
      ProbeCache.open(join(cacheFolder(), 'devices.json'), await fingerprintMachine()),
  })
}
