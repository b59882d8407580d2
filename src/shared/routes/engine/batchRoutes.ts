import { z } from 'zod'
import { type BatchReport, itemContents, type MergeReport, samplePlan, shard, wholeJob } from '../../batch'
import { type DistanceReport, featureNetwork } from '../../distance'
import { limits, whole } from '../../limits'
import { exportTarget, fps } from '../../exportTarget'
import { framePlan, frameRange } from '../../framePlan'
import { modelSource } from '../../modelSource'
import { decodeSettings } from '../../settings'
import { route } from '../route'

/** Many pictures: made by many shards in one folder, and one folder of them compared with another. */
export const batchRoutes = {
  /**
   * Makes the items of one shard into a folder that all shards share, and keeps what is there of the same job. Repeating an
   * interrupted request resumes it.
   */
  'batch.run': route<BatchReport>()(
    z.object({
      model: modelSource,
      plan: z.union([framePlan, samplePlan]),
      decode: decodeSettings,
      batch: whole(limits.batch, 'batch').optional(),
      folder: z.string().min(1),
      shard: shard.default(wholeJob),
      /** Which items the job makes, under the numbers that they have in the whole; all of them when left out. */
      range: frameRange.optional(),
      /** Frames per second of the film that they are made for: "batch.merge" takes it unless it is told another. */
      fps: fps.optional(),
      content: z.enum(itemContents).default('png'),
      /** Whether x_T is kept beside each item. */
      latents: z.boolean().default(false),
    }),
  ),
  /** Checks that the shards of a folder are complete and of one job, and makes a film or picture of them where one is asked for. */
  'batch.merge': route<MergeReport>()(
    z.object({
      folder: z.string().min(1),
      target: exportTarget.extend({ fps: fps.optional() }).optional(),
    }),
  ),
  /** How far two folders of pictures are apart; with a network, `.npz` statistics may stand for a folder. */
  'distance.measure': route<DistanceReport>()(
    z.object({
      a: z.string().min(1),
      b: z.string().min(1),
      features: featureNetwork.optional(),
      /** Where to keep mean and covariance of A's features. */
      saveStatistics: z.string().min(1).optional(),
    }),
  ),
} as const
