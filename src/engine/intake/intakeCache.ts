import { z } from 'zod'
import { allPredictionTypes } from '#core/diffusion/schedulerConfig'
import type { ContentCache } from '#files/ContentCache'
import type { IntakeReport } from '#shared/reports'
import { AbortableMemo } from '../job/AbortableMemo'
import type { Job } from '../job/Job'
import { KeptMemo } from '../job/KeptMemo'
import { intakeTest } from './intakeTest'

/** Raised when the test changes: what earlier versions found is then found anew. */
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

/** What was found of models, so that each is tested once on what computes it. */
export type Intakes = KeptMemo<IntakeReport>

/** @param disk  where reports outlive the engine; left out, they are kept in memory alone */
export function createIntakes(disk?: ContentCache): Intakes {
  const encode = (report: IntakeReport): Uint8Array => Buffer.from(JSON.stringify(report))
  return new KeptMemo('intake', new AbortableMemo({ max: intakesKept }), encode, disk)
}

/** The intake test of a job's model, or what it found before. @throws StudioError as {@link intakeTest} */
export function checkModel(intakes: Intakes, job: Job): Promise<IntakeReport> {
  const key = { name: String(testVersion), by: job.model.key, project: null }
  return intakes.get(key, job.context.signal, {
    work: () => intakeTest(job),
    decode: (bytes) => reportSchema.parse(JSON.parse(bytes.toString())),
  })
}
