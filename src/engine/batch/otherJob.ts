import { join } from 'node:path'
import { z } from 'zod'
import type { Shard } from '#shared/batch'
import { StudioError } from '#shared/errors'
import type { ComputeInfo } from '#shared/reports'
import { provenanceFile } from '../animation/provenance'
import { computeFields, computingNames, differingFields, explainOtherCompute } from '../job/otherCompute'
import { computeRecord } from '../model/network/computeRecord'
import { jobRecord, readRecord, type JobRecord } from './records'

/**
 * Fields that may differ merely because the device or version does, so they say nothing about the command. Earlier versions
 * record no `reading`; a reading that changes the values makes the model differ, too.
 */
const valuesOfStops = 'values of the stops'
const consequences: ReadonlySet<string> = new Set(['batch', 'fidelityParts', 'reading', valuesOfStops])

/** A job's record, including the device that computes its items. */
const computedJob = jobRecord.extend({ provenance: z.looseObject({ compute: computeRecord }) })
type ComputedJob = z.infer<typeof computedJob>

/** A job that is refused because the folder holds another job's items. */
interface RefusedRun {
  readonly job: JobRecord
  readonly shard: Shard
  /** The device chosen now, and why. A record does not hold the reason. */
  readonly compute: ComputeInfo
}

/**
 * Returns the error for a folder that holds the items of another job, with what is different and what to do.
 *
 * @param before  the text of the folder's record
 */
export function refuseOtherJob(
  folder: string,
  before: string,
  { job, shard, compute }: RefusedRun,
): StudioError {
  const refuse = (sentence: string, resumable = false) =>
    new StudioError('EXISTS', sentence, { path: folder, resumable })
  // A shard would overwrite what others are making.
  const isAlone = shard.count === 1
  const other = isAlone ? 'allow overwriting, or choose another folder' : 'choose another folder'
  const instead = isAlone ? other : `or ${other}`
  const repeat = isAlone ? 'repeat the command' : 'give every shard the command'
  const held = readRecord(computedJob, before)
  if (held === null) {
    return refuse(
      `"${join(folder, provenanceFile)}" is damaged, and the records of the shards do not show that this command made the items: ${repeat} that began the folder, ${instead}.`,
    )
  }
  const differing = differencesOf(held, computedJob.parse(job))
  if (differing.length > 0 && differing.every((name) => computingNames.has(name))) {
    const { why, resumable } = explainOtherCompute(held.provenance.compute, compute, { differing, instead })
    return refuse(`"${folder}" holds items ${why}`, resumable)
  }
  const isOfVersion = differing.every((name) => name === 'version' || computingNames.has(name))
  return refuse(
    differing.includes('version') && isOfVersion
      ? `"${folder}" was begun by another version of Slerp Studio, which computes other values: ${other}.`
      : `"${folder}" holds items of other settings${inBrackets(differing)}: ${repeat} that began the folder, ${instead}.`,
  )
}

function inBrackets(names: readonly string[]): string {
  return names.length === 0 ? '' : ` (${names.join(', ')})`
}

/** Returns what differs, in words. */
function differencesOf(before: ComputedJob, now: ComputedJob): string[] {
  const differing = differingFields(fieldsOf(before), fieldsOf(now))
  const isComputedOtherwise = differing.some((name) => name === 'version' || computingNames.has(name))
  const telling = isComputedOtherwise ? differing.filter((name) => !consequences.has(name)) : differing
  return [...new Set(telling.map((name) => (name === valuesOfStops ? 'stops' : name)))]
}

function fieldsOf(job: ComputedJob): Record<string, unknown> {
  const { provenance, numericsVersion, textVersion, ...rest } = job
  const { compute, stops, ...shared } = provenance
  const latents = Array.isArray(stops) ? (stops as Record<string, unknown>[]) : []
  return {
    ...shared,
    stops: latents.map(({ latentSha256: _, ...stop }) => stop),
    [valuesOfStops]: latents.map(({ latentSha256 }) => latentSha256),
    ...rest,
    ...computeFields(compute),
    version: [numericsVersion, textVersion],
  }
}
