import { precisionNames, providerNames } from '#shared/devices'
import type { Trial } from './runProbe'

/** "CUDA", or "CUDA in fp16". */
export function nameTrial({ provider, precision }: Trial): string {
  const name = providerNames[provider]
  return precision === 'fp32' ? name : `${name} in ${precisionNames[precision]}`
}
