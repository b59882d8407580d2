import { existsSync } from 'node:fs'
import { providerFolder } from './providerFolder'

/** The variable that forbids NVIDIA's libraries to round in a process: a session has no option for it. */
const tf32 = 'NVIDIA_TF32_OVERRIDE'

/**
 * Returns the environment for processes that run networks. NVIDIA's matrix units round float32 to 10 bits
 * (TF32) unless a variable forbids it before the driver is loaded. Microsoft's telemetry, which is compiled
 * into onnxruntime and on by default, is switched off.
 */
export function engineEnvironment(allowTf32: boolean): Record<string, string> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[0] !== tf32 && entry[1] !== undefined,
  )
  return {
    ...Object.fromEntries(own),
    ...libraryPath(),
    ORT_DISABLE_TELEMETRY: '1',
    ...(!allowTf32 && { [tf32]: '0' }),
  }
}

/** Makes the loader find the runtime with its CUDA provider before the one without it. */
function libraryPath(): Record<string, string> {
  if (process.platform !== 'linux' || !existsSync(providerFolder())) return {}
  const { LD_LIBRARY_PATH } = process.env
  return { LD_LIBRARY_PATH: [providerFolder(), ...(LD_LIBRARY_PATH ? [LD_LIBRARY_PATH] : [])].join(':') }
}
