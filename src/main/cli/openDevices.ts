import { join } from 'node:path'
import { cacheFolder } from '../engine/cacheFolder'
import { Devices } from '../engine/devices/Devices'
import { fingerprintMachine } from '../engine/devices/fingerprint'
import { ProofFile } from '../engine/devices/ProofFile'
import { forkEngine } from '../engine/forkPort'
import type { Installation } from './installation'

/** The devices of this machine, as commands see them. */
export function openDevices({ probeEntry }: Installation): Devices {
  return new Devices({
    startProbe: (log, tf32) => forkEngine(probeEntry, log, tf32),
    openProofs: async () => ProofFile.open(join(cacheFolder(), 'devices.json'), await fingerprintMachine()),
  })
}
