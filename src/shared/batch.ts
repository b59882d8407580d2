/** Work for many machines: items that are made apart from each other, by shards that share one folder. */
import { z } from 'zod'
import { limits, whole } from './limits'
import type { ComputeInfo } from './reports'
import { classIndex, prompts } from './condition'
import { endTimestep } from './settings'

/** One of `count` runs that share a job: it makes the items k with k mod count = index. */
export const shard = z
  .object({ index: z.int().min(0), count: whole(limits.shards, 'shards') })
  .refine(({ index, count }) => index < count, 'the index of a shard must be less than their number')
export type Shard = z.infer<typeof shard>

/** The only shard of a job that is not shared. */
export const wholeJob: Shard = { index: 0, count: 1 }

/** Pictures from the seeds `seed`, `seed` + 1, …, made as they are needed: any number takes the same memory. */
export const samplePlan = z.object({
  kind: z.literal('samples'),
  seed: whole(limits.seed, 'seed'),
  count: whole(limits.samples, 'count'),
  endTimestep,
  class: classIndex,
  ...prompts,
  /** Whether item k is of class k mod K, so that all K classes of a model come equally often. */
  balanced: z.boolean().default(false),
})
export type SamplePlan = z.infer<typeof samplePlan>

/** What an item is written as: a picture, or its values on [-1, 1] before they are rounded and cut off. */
export const itemContents = ['png', 'npy'] as const
export type ItemContent = (typeof itemContents)[number]

/** What one shard has made. */
export interface BatchReport {
  folder: string
  shard: Shard
  /** Items of the whole job, of all shards together. */
  total: number
  /** Items of this shard, all of them written now. */
  items: number
  /** Those of them found done from an earlier run. */
  resumedItems: number
  seconds: number
  compute: ComputeInfo
}

/** What a folder of shards came to. */
export interface MergeReport {
  folder: string
  shards: number
  items: number
  /** The film or picture that was made of the items, where one was asked for. */
  output: { path: string; frames: number; bytes: number } | null
}
