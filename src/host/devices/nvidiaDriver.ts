import { existsSync } from 'node:fs'

/** The kernel's description of NVIDIA's driver, where there is one. */
export const driverVersionFile = '/proc/driver/nvidia/version'

/** Where Windows gives its driver to the Linux systems in it, whose kernel has none. */
const driverOfWindows = '/usr/lib/wsl/lib/libcuda.so.1'

/** Whether a Linux machine has NVIDIA's driver, and so may have a card of theirs. */
export function hasNvidiaDriver(): boolean {
  return [driverVersionFile, driverOfWindows].some((path) => existsSync(path))
}
