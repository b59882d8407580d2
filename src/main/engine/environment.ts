/**
 * The environment of processes that run networks. NVIDIA's matrix units round float32 to 10 bits (TF32) unless this
 * variable forbids it before the driver is loaded; a session has no option for it.
 */
export function engineEnvironment(): Record<string, string> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(own), NVIDIA_TF32_OVERRIDE: '0' }
}
