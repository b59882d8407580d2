import { z } from 'zod'
import { allPredictionTypes } from '#core/diffusion/schedulerConfig'
import type { ContentCache } from '#files/ContentCache'
import type { IntakeReport } from '#shared/reports'
import { AbortableMemo } from '../memo/AbortableMemo'
import type { Job } from '../job/Job'
import { KeptMemo } from '../job/KeptMemo'
import { intakeTest } from './intakeTest'

/** Incremented when the test changes, which discards the results of earlier versions. */
const testVersion = 2
const intakesKept = 16

const reportSchema = z.object({
  predictionType: z.enum(allPredictionTypes).nullable(),
  confidence: z.number(),
  timestepScale: z.number(),
  batchDifference: z.number().nullable(),
  flatPictures: z.tuple([z.number(), z.number()]).nullable(),
  warnings: z.array(z.string()),
  seconds: z.number(),
}) satisfies z.ZodType<IntakeReport>

/** Cached intake reports, so that each model is tested once per device. */
export type Intakes = KeptMemo<IntakeReport>

/** @param disk  where reports outlive the engine; if omitted, they are kept in memory only */
export function createIntakes(disk?: ContentCache): Intakes {
  const encode = (report: IntakeReport): Uint8Array => Buffer.from(JSON.stringify(report))
  return new KeptMemo('intake', new AbortableMemo({ max: intakesKept }), encode, disk)
}

/**
 * Runs the intake test on a job's model, or returns the cached report.
 *
 * @throws StudioError as {@link intakeTest}
 */
export function checkModel(intakes: Intakes, job: Job): Promise<IntakeReport> {
  const key = { name: String(testVersion), by: job.model.key, project: null }
  return intakes.get(key, job.context.signal, {
    work: () => intakeTest(job),
    decode: (bytes) => reportSchema.parse(JSON.parse(bytes.toString())),
  })
}
