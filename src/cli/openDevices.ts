import { join } from 'node:path'
import { cacheFolder } from '#files/cacheFolder'
import { Devices } from '#host/devices/Devices'
import { fingerprintMachine } from '#host/devices/fingerprint'
import { ProbeCache } from '#host/devices/ProbeCache'
import type { Installation } from './installation'

/** Opens this machine's devices for commands. */
export function openDevices({ probeEntry, fork }: Installation): Devices {
  return new Devices({
    startProbe: (log, tf32) => fork(probeEntry, log, tf32),
    openProbeCache: async () =>
      ProbeCache.open(join(cacheFolder(), 'devices.json'), await fingerprintMachine()),
  })
}
