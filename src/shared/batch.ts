/** Work for many machines: items are made independently of each other by shards that share one folder. */
import { z } from 'zod'
import type { LatentSource } from './latentSource'
import { limits, whole } from './limits'
import type { ComputeInfo } from './reports'
import { classIndex, prompts } from './condition'
import { endTimestep } from './settings'

/** One of `count` runs that share a job. It makes the items k with k mod count = index. */
export const shard = z
  .object({ index: z.int().min(0), count: whole(limits.shards, 'shards') })
  .refine(({ index, count }) => index < count, 'the index of a shard must be less than their number')
export type Shard = z.infer<typeof shard>

/** The only shard of a job that is not shared. */
export const wholeJob: Shard = { index: 0, count: 1 }

/** Pictures from the seeds `seed`, `seed` + 1, …, drawn on demand: memory does not grow with their number. */
export const samplePlan = z
  .object({
    kind: z.literal('samples'),
    seed: whole(limits.seed, 'seed'),
    count: whole(limits.samples, 'count'),
    endTimestep,
    class: classIndex,
    ...prompts,
    /** Whether item k is of class k mod K, so that all K classes of the model occur equally often. */
    balanced: z.boolean().default(false),
  })
  .refine(hasSeeds, `seed + count passes the largest seed, ${limits.seed.max}`)
export type SamplePlan = z.infer<typeof samplePlan>

/** Whether there are as many seeds from `seed` on. */
export function hasSeeds({ seed, count }: { readonly seed: number; readonly count: number }): boolean {
  return seed <= limits.seed.max - (count - 1)
}

/**
 * Returns the latent of sample `index`.
 *
 * @param classes  number of classes of the model, which balanced samples take in turn; null if it has none
 */
export function sourceOfSample(
  { seed, endTimestep: end, class: one, balanced, prompt, sourcePrompt }: SamplePlan,
  index: number,
  classes: number | null,
): Extract<LatentSource, { kind: 'seed' }> {
  const own = balanced && classes !== null ? index % classes : one
  return { kind: 'seed', seed: seed + index, endTimestep: end, class: own, prompt, sourcePrompt }
}

/** What is written for an item: a PNG picture, or its values on [-1, 1] before rounding and clamping. */
export const itemContents = ['png', 'npy'] as const
export type ItemContent = (typeof itemContents)[number]

/** The result of one shard. */
export interface BatchReport {
  folder: string
  shard: Shard
  /** Items of the whole job, over all shards. */
  total: number
  /** Items of this shard, all of them written by now. */
  items: number
  /** Those among them that an earlier run had already written. */
  resumedItems: number
  seconds: number
  compute: ComputeInfo
}

/** The result of merging a folder of shards. */
export interface MergeReport {
  folder: string
  shards: number
  items: number
  /** The film or picture made from the items, if one was requested. */
  output: { path: string; frames: number; bytes: number } | null
}
