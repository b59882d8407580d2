/** What forbids NVIDIA's libraries to round, for all of a process: a session has no option for it. */
const tf32 = 'NVIDIA_TF32_OVERRIDE'

/**
 * The environment of processes that run networks. NVIDIA's matrix units round float32 to 10 bits (TF32) unless a
 * variable forbids it before the driver is loaded. Microsoft's telemetry, compiled into onnxruntime and on by default,
 * is switched off.
 */
export function engineEnvironment(allowTf32: boolean): Record<string, string> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[0] !== tf32 && entry[1] !== undefined,
  )
  return {
    ...Object.fromEntries(own),
    ORT_DISABLE_TELEMETRY: '1',
    ...(!allowTf32 && { [tf32]: '0' }),
  }
}
