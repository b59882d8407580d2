import { precisionNames, providerNames } from '#shared/devices'
import type { ProbeTarget } from './runProbe'

/** "CUDA", or "CUDA in fp16". */
export function nameProbe({ provider, precision }: ProbeTarget): string {
  const name = providerNames[provider]
  return precision === 'fp32' ? name : `${name} in ${precisionNames[precision]}`
}
