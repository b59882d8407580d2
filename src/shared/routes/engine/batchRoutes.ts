import { z } from 'zod'
import { type BatchReport, itemContents, type MergeReport, samplePlan, shard, wholeJob } from '../../batch'
import { type DistanceReport, featureNetwork } from '../../distance'
import { limits, whole } from '../../limits'
import { exportTarget, fps, repeat } from '../../exportTarget'
import { framePlan, frameRange } from '../../framePlan'
import { modelSource } from '../../modelSource'
import { decodeSettings } from '../../settings'
import { route } from '../route'

/** Many pictures: made by many shards in one folder, and compared with those of another folder. */
export const batchRoutes = {
  /**
   * Makes the items of one shard in a folder shared by all shards, keeping what is already there from the
   * same job. Repeating an interrupted request resumes it.
   */
  'batch.run': route<BatchReport>()(
    z.object({
      model: modelSource,
      plan: z.union([framePlan, samplePlan]),
      decode: decodeSettings,
      batch: whole(limits.batch, 'batch').optional(),
      folder: z.string().min(1),
      shard: shard.default(wholeJob),
      /** The items to make, numbered as in the whole plan; defaults to all. */
      range: frameRange.optional(),
      /** Frame rate of the film that the items are for; "batch.merge" uses it unless given another. */
      fps: fps.optional(),
      /** How that film repeats, likewise. */
      repeat: repeat.optional(),
      content: z.enum(itemContents).default('png'),
      /** Whether to keep x_T next to each item. */
      latents: z.boolean().default(false),
      /** Whether the items of another job in the folder may be removed. */
      overwrite: z.boolean().default(false),
    }),
  ),
  /**
   * Checks that the shards of a folder are complete and belong to one job, and makes a film or picture of
   * them on request.
   */
  'batch.merge': route<MergeReport>()(
    z.object({
      folder: z.string().min(1),
      target: exportTarget.extend({ fps: fps.optional(), repeat: repeat.optional() }).optional(),
    }),
  ),
  /** Measures the distance between two folders of pictures; with a network, `.npz` statistics can be one. */
  'distance.measure': route<DistanceReport>()(
    z.object({
      a: z.string().min(1),
      b: z.string().min(1),
      features: featureNetwork.optional(),
      /** Where to save the mean and covariance of A's features. */
      saveStatistics: z.string().min(1).optional(),
      /** Whether a file that is there may be replaced. */
      overwrite: z.boolean().default(false),
    }),
  ),
} as const
