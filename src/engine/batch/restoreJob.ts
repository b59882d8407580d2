import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomicFile } from '#files/atomicFile'
import { readText } from '#files/fileAccess'
import { explained } from '#files/fileErrors'
import { fileLimits } from '#shared/fileLimits'
import { sha256Of } from '#files/sha256'
import { provenanceFile, shardName } from '../animation/provenance'
import { resultVersions } from '../job/resultVersions'
import { jobRecord, readRecord, shardRecord, textsOf, type JobRecord, type ShardRecord } from './records'

/**
 * Writes the record of a job anew if it is damaged or gone, and every shard has recorded that it was this job:
 * finished items could otherwise not be used.
 */
export async function restoreJob(folder: string, job: JobRecord): Promise<void> {
  const names = await explained(folder, 'write', () => readdir(folder))
  const shards = names.filter((name) => shardName.test(name))
  if (shards.length === 0 || (await hasRecord(folder, names))) return
  const recorded = new Set<string | undefined>()
  for (const name of shards) {
    recorded.add(
      readRecord(shardRecord, await readText(join(folder, name), fileLimits.shardRecord))?.settings,
    )
  }
  const text = textsOf(job).find((one) => recorded.has(sha256Of(one)))
  if (text === undefined || recorded.size > 1) return
  await writeAtomicFile(join(folder, provenanceFile), Buffer.from(text), { overwrite: true })
}

/**
 * Whether repeating the command that made the items restores the job's record if that is damaged or gone: the
 * records of the shards must agree, and this version must compute the same values as the one that wrote them.
 */
export function isRestorable(shards: readonly (ShardRecord | null)[]): boolean {
  const [first = null] = shards
  if (first === null) return false
  return shards.every((record) => record?.settings === first.settings && isCurrent(record))
}

function isCurrent(record: ShardRecord): boolean {
  const now = resultVersions({ texts: record.textVersion === undefined ? null : {} })
  return record.numericsVersion === now.numericsVersion && record.textVersion === now.textVersion
}

async function hasRecord(folder: string, names: readonly string[]): Promise<boolean> {
  if (!names.includes(provenanceFile)) return false
  return readRecord(jobRecord, await readText(join(folder, provenanceFile), fileLimits.provenance)) !== null
}
