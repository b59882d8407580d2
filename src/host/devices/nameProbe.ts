import { devices, precisionNames } from '#shared/devices'
import type { ProbeTarget } from './runProbe'

/** "CUDA", or "CUDA in fp16". */
export function nameProbe({ provider, precision }: ProbeTarget): string {
  const name = devices[provider].name
  return precision === 'fp32' ? name : `${name} in ${precisionNames[precision]}`
}
