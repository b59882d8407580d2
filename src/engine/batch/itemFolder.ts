import { readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { rangeWithin } from '#core/timeline/frameRange'
import { writeAtomicFile } from '#files/atomicFile'
import { isSystemFile } from '#files/atomicFolder'
import { readText } from '#files/fileAccess'
import { explained } from '#files/fileErrors'
import { fileLimits } from '#shared/fileLimits'
import { makeFolder } from '#files/makeFolder'
import { isTemporaryName, removeAbandonedSiblings } from '#files/temporarySibling'
import type { ItemContent, Shard } from '#shared/batch'
import { StudioError } from '#shared/errors'
import type { ComputeInfo } from '#shared/reports'
import { sha256Of } from '#files/sha256'
import { provenanceFile, shardName } from '../animation/provenance'
import { refuseOtherJob } from './otherJob'
import { jobRecord, readRecord, shardRecord, textsOf, type JobRecord, type ShardRecord } from './records'
import { isRestorable, restoreJob } from './restoreJob'

const itemName = /^(\d{6,})(\.latent)?\.(png|npy)$/

/** Returns the name of item `index`, which does not depend on the shard. */
export function nameItem(index: number, content: ItemContent): string {
  return `${String(index).padStart(6, '0')}.${content}`
}

/** Returns the name of the file with the x_T of item `index`. */
export function nameLatent(index: number): string {
  return `${String(index).padStart(6, '0')}.latent.npy`
}

/** Returns the indices of the items that a job makes, ascending. */
export function itemsOf({ items, range }: Pick<JobRecord, 'items' | 'range'>): number[] {
  const { start, end } = rangeWithin(range, items)
  return Array.from({ length: end - start + 1 }, (_, i) => start + i)
}

/**
 * A folder that the shards of one job share. Each shard writes whole files under names that no other
 * shard uses.
 */
export interface ItemFolder {
  has(index: number): boolean
  write(index: number, item: Uint8Array, latent: Uint8Array | null): Promise<void>
  /** Records how far this shard has come. */
  record(progress: Omit<ShardRecord, 'settings' | 'shard' | 'numericsVersion' | 'textVersion'>): Promise<void>
}

/** A run that makes the items of one shard. */
export interface ItemRun {
  readonly shard: Shard
  /** Its device, and why that was chosen. A record does not hold the reason. */
  readonly compute: ComputeInfo
  /** Whether the items of another job are removed first. */
  readonly overwrite: boolean
}

/**
 * Opens the folder of a job for one of its shards, creating it if necessary. The first shard writes the job's
 * record, and every other one compares its own with it. A record that is damaged or gone is restored if possible.
 *
 * @throws StudioError EXISTS if the folder contains other files or the items of another job; UNWRITABLE with the
 *   cause
 */
export async function openItemFolder(folder: string, job: JobRecord, run: ItemRun): Promise<ItemFolder> {
  await makeFolder(folder)
  await restoreJob(folder, job)
  const names = await explained(folder, 'write', () => readdir(folder))
  requireItemsOnly(folder, names)
  const present = new Set(run.overwrite ? await removeOtherJob(folder, names, job) : names)
  const text = await claimJob(folder, job, run)
  await removeAbandonedSiblings(join(folder, provenanceFile))
  const isWhole = (index: number) =>
    present.has(nameItem(index, job.content)) && (!job.latents || present.has(nameLatent(index)))
  const write = (name: string, bytes: Uint8Array) =>
    writeAtomicFile(join(folder, name), bytes, { overwrite: true })
  return {
    has: isWhole,
    async write(index, item, latent) {
      if (latent) await write(nameLatent(index), latent)
      await write(nameItem(index, job.content), item)
    },
    record(progress) {
      const { numericsVersion, textVersion } = job
      const { index, count } = run.shard
      const record = {
        settings: sha256Of(text),
        shard: run.shard,
        ...progress,
        numericsVersion,
        textVersion,
      }
      return write(`shard-${index}-of-${count}.json`, Buffer.from(`${JSON.stringify(record)}\n`))
    },
  }
}

function requireItemsOnly(folder: string, names: readonly string[]): void {
  const isOurs = (name: string) =>
    name === provenanceFile ||
    itemName.test(name) ||
    shardName.test(name) ||
    isTemporaryName(name) ||
    isSystemFile(name)
  const foreign = names.find((name) => !isOurs(name))
  if (foreign === undefined && (names.includes(provenanceFile) || !names.some((name) => itemName.test(name))))
    return
  throw new StudioError(
    'EXISTS',
    `Cannot write into "${folder}": it holds ${foreign ? `"${foreign}"` : 'pictures'} of something else: choose an empty or a new folder.`,
    { path: folder },
  )
}

/**
 * Removes the items of another job, and all that is recorded of it. Those of the same job would come out the
 * same: they are kept, so that an interrupted job goes on.
 *
 * @returns the names that are left
 */
async function removeOtherJob(
  folder: string,
  names: readonly string[],
  job: JobRecord,
): Promise<readonly string[]> {
  const path = join(folder, provenanceFile)
  if (!names.includes(provenanceFile) || textsOf(job).includes(await readText(path, fileLimits.provenance)))
    return names
  const made = names.filter((name) => itemName.test(name) || shardName.test(name))
  // The record goes last: without it, items that are left would be taken for something else.
  for (const name of [...made, provenanceFile]) {
    await explained(join(folder, name), 'write', () => rm(join(folder, name)))
  }
  return []
}

/**
 * Writes the job's record, unless a shard already has.
 *
 * @returns the text of the record, which an earlier version may have written
 */
async function claimJob(folder: string, job: JobRecord, run: ItemRun): Promise<string> {
  const path = join(folder, provenanceFile)
  await writeAtomicFile(path, Buffer.from(JSON.stringify(job)), { overwrite: false }).catch(
    (error: unknown) => {
      if (!(error instanceof StudioError) || error.code !== 'EXISTS') throw error
    },
  )
  const before = await readText(path, fileLimits.provenance)
  if (textsOf(job).includes(before)) return before
  throw refuseOtherJob(folder, before, { job, ...run })
}

/** The current contents of an item folder. */
export interface FoundItems {
  readonly job: JobRecord
  readonly settings: string
  readonly shards: readonly ShardRecord[]
  readonly names: ReadonlySet<string>
}

/**
 * Reads what the shards have left in a folder.
 *
 * @throws StudioError NOT_FOUND if the folder is not one of theirs; UNREADABLE
 */
export async function readItemFolder(folder: string): Promise<FoundItems> {
  const names = await explained(folder, 'read', () => readdir(folder))
  const shardNames = names.filter((name) => shardName.test(name))
  const path = join(folder, provenanceFile)
  if (!names.includes(provenanceFile)) {
    if (shardNames.length > 0) throw await lostRecord(path, 'is missing', shardNames)
    throw new StudioError(
      'NOT_FOUND',
      `"${folder}" holds no work of shards: name the folder that they were given with -o.`,
      { path: folder },
    )
  }
  const text = await readText(path, fileLimits.provenance)
  const job = readRecord(jobRecord, text)
  if (job === null) throw await lostRecord(path, 'is damaged', shardNames)
  const shards: ShardRecord[] = []
  for (const name of shardNames) shards.push(await readShard(join(folder, name)))
  return { job, settings: sha256Of(text), shards, names: new Set(names) }
}

async function readShard(path: string): Promise<ShardRecord> {
  const record = readRecord(shardRecord, await readText(path, fileLimits.shardRecord))
  if (record !== null) return record
  throw new StudioError('UNREADABLE', `"${path}" is damaged: remove it, and run its shard again.`, { path })
}

/**
 * Returns the error for a missing or damaged job record, without which nothing can be merged. It says whether the
 * record can be restored.
 */
async function lostRecord(path: string, what: string, shardNames: readonly string[]): Promise<StudioError> {
  const shards: (ShardRecord | null)[] = []
  for (const name of shardNames) {
    shards.push(readRecord(shardRecord, await readText(join(dirname(path), name), fileLimits.shardRecord)))
  }
  const sentence = isRestorable(shards)
    ? `"${path}" ${what}: repeat a command that made the items of its folder, which keeps them and writes this file anew.`
    : `"${path}" ${what}, and without it the items of its folder cannot be continued or merged: make them anew in another folder.`
  return new StudioError('UNREADABLE', sentence, { path })
}
