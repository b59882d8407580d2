import { existsSync } from 'node:fs'

/** The kernel's description of NVIDIA's driver, where there is one. */
export const driverVersionFile = '/proc/driver/nvidia/version'

/** Where Windows provides its driver to the Linux systems that it runs (WSL), whose kernels have none. */
const driverOfWindows = '/usr/lib/wsl/lib/libcuda.so.1'

/** Whether a Linux machine has NVIDIA's driver, and so may have a card of theirs. */
export function hasNvidiaDriver(): boolean {
  return [driverVersionFile, driverOfWindows].some((path) => existsSync(path))
}
