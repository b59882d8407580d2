import { z } from 'zod'
import { placement } from '#shared/devices'
import type { ComputeInfo } from '#shared/reports'

const { shape } = placement

/**
 * The device and runtime that computed a result, as stored in files. Files from before devices could be chosen are
 * from the CPU.
 */
export const computeRecord = z.object({
  asked: shape.asked.default('cpu'),
  askedPrecision: shape.askedPrecision.default('fp32'),
  provider: shape.provider,
  precision: shape.precision.default('fp32'),
  device: shape.device.default(null),
  parts: shape.parts.default(1),
  reason: shape.reason.default(null),
  runtime: z.string(),
  threads: z.number(),
}) satisfies z.ZodType<ComputeInfo>

/** Strips from a record how device and precision were chosen, so that records can be compared. */
export function settledCompute(compute: ComputeInfo): ComputeInfo {
  const { provider: asked, precision: askedPrecision } = compute
  return computeRecord.parse({ ...compute, asked, askedPrecision, reason: null })
}
