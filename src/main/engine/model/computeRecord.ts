import { z } from 'zod'
import { placement } from '#shared/devices'
import type { ComputeInfo } from '#shared/reports'

const { asked, provider, device, parts, reason } = placement.shape

/** What computed a result, as files keep it. Those older than the choice of devices were made on the CPU. */
export const computeRecord = z.object({
  asked: asked.default('cpu'),
  provider,
  device: device.default(null),
  parts: parts.default(1),
  reason: reason.default(null),
  precision: z.literal('fp32').default('fp32'),
  runtime: z.string(),
  threads: z.number(),
}) satisfies z.ZodType<ComputeInfo>

/** What computed, without what led to it, for comparing: the same device, however it was chosen. */
export function settledCompute(compute: ComputeInfo): ComputeInfo {
  return computeRecord.parse({ ...compute, asked: compute.provider, reason: null })
}
