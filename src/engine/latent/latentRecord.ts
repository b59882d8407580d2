import { z } from 'zod'
import type { LatentReport } from '#shared/reports'
import { encodeSettings } from '#shared/settings'
import { computeRecord, settledCompute } from '../model/network/computeRecord'

/** JSON has no Infinity, the PSNR of a perfect reconstruction, and writes null instead. */
const psnr = z.preprocess((value) => value ?? Infinity, z.union([z.number(), z.literal(Infinity)]))
const timestep = z.int().min(0)

const fidelity = z.object({ mse: z.number(), psnr, ssim: z.number() })

const latentHealth = z.object({
  mean: z.number(),
  std: z.number(),
  normRatio: z.number(),
  kurtosis: z.number(),
  neighbourCorrelation: z.number(),
})

const origin = z.object({ name: z.string(), sha256: z.string() })
const seed = z.int().min(0).nullable()

const latentReport = z.object({
  modelId: z.string(),
  modelSha256: z.string(),
  scheduleHash: z.string(),
  endTimestep: timestep,
  encode: encodeSettings.nullable(),
  source: origin.nullable(),
  seed,
  mixedFrom: z
    .array(z.object({ weight: z.number(), source: origin.nullable(), seed, latentSha256: z.string() }))
    .nullable()
    .default(null),
  movedFrom: z.object({ source: origin.nullable(), seed }).optional(),
  class: z.int().min(0).nullable().default(null),
  prompts: z.object({ prompt: z.string(), sourcePrompt: z.string() }).nullable().default(null),
  fidelity: fidelity.nullable(),
  fidelityParts: z.object({ autoencoder: fidelity, inversion: fidelity }).nullable().default(null),
  forecast: z
    .object({ mse: z.number(), enoughSteps: z.int().nullable(), outOfReach: z.literal(true).optional() })
    .nullable()
    .default(null),
  health: latentHealth,
  stateStd: z.number().nullable().default(null),
  channels: z.array(z.object({ mean: z.number(), std: z.number() })).default([]),
  healthBefore: latentHealth.nullable().default(null),
  compute: computeRecord.nullable(),
  evaluations: z.number(),
}) satisfies z.ZodType<Omit<LatentReport, 'seconds' | 'advice' | 'encodeWarning'>>

/**
 * The record in a latent file: its report, and the timestep of the second state of a leapfrog pair. Omits anything
 * that differs between runs, such as the time taken, so that equal latents are equal files.
 */
export const latentRecord = latentReport.extend({ companionTimestep: timestep.nullable() })
export type LatentRecord = z.infer<typeof latentRecord>

/** Returns the record of a latent, without the reasons for the choice of the device. */
export function recordOf(report: LatentReport, companionTimestep: number | null): LatentRecord {
  const compute = report.compute && settledCompute(report.compute)
  // Parsing drops extra fields of a caller's report, such as the pictures of an EncodeReport.
  return latentRecord.parse({ ...report, compute, companionTimestep })
}
