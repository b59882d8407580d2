/** The records of the job and of each shard in a folder of items. */
import { z } from 'zod'
import { itemContents, shard } from '#shared/batch'
import { fps, repeat } from '#shared/exportTarget'
import { frameRange } from '#shared/framePlan'
import { computeRecord } from '../model/network/computeRecord'

/** Everything that decides the bytes of the items, and which of them are made. */
export const jobRecord = z.object({
  /** As {@link describeSharedFrames} returns it. */
  provenance: z.record(z.string(), z.unknown()),
  content: z.enum(itemContents),
  latents: z.boolean(),
  /** Number of items of the whole job. */
  items: z.int().min(1),
  /** The items that are made, if not all of them. */
  range: frameRange.optional(),
  /** Frames per second of the film that they are made for, if known. */
  fps: fps.optional(),
  /** How that film repeats, if known. */
  repeat: repeat.optional(),
  /** As `resultVersions` returns them; older folders have none. */
  numericsVersion: z.int().optional(),
  textVersion: z.int().optional(),
})
/** The record of a job, written when its folder is begun. */
export type JobRecord = z.infer<typeof jobRecord>

/** What the x_T of all samples have in common; it is needed to draw them again. */
const sampleNoise = z.object({
  /** Shape of a state, [C, H, W]. */
  shape: z.array(z.int().min(1)).length(3),
  endTimestep: z.int().min(0),
  /** Null for a model that takes no prompts. */
  prompts: z.object({ prompt: z.string(), sourcePrompt: z.string() }).nullable(),
  /** Number of classes of the model; null for an unconditional one. */
  classes: z.int().min(1).nullable(),
})
/** The facts that all samples of a job are drawn with. */
export type SampleNoise = z.infer<typeof sampleNoise>

/** What a shard records when it ends, whether or not it finished. */
export const shardRecord = z.object({
  /** SHA-256 of the job's record. */
  settings: z.string(),
  shard,
  items: z.int(),
  done: z.int(),
  seconds: z.number(),
  compute: computeRecord,
  /** Only in a job of samples; older shards have none. */
  noise: sampleNoise.optional(),
  /** The same as in the job's record, in case that is lost; older shards have none. */
  numericsVersion: z.int().optional(),
  textVersion: z.int().optional(),
})
/** The record of one shard, finished or not. */
export type ShardRecord = z.infer<typeof shardRecord>

/**
 * Returns the possible texts of a job's record, beginning with the one that this version writes. Earlier versions
 * did not record how the model is read, which the hash of the schedule covers.
 */
export function textsOf(job: JobRecord): string[] {
  const { reading, ...provenance } = job.provenance
  const text = JSON.stringify(job)
  return reading === undefined ? [text] : [text, JSON.stringify({ ...job, provenance })]
}

/** Returns a record; null if the text is damaged. */
export function readRecord<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
