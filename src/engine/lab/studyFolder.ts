import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Shard } from '#shared/batch'
import { StudioError } from '#shared/errors'
import { journalName, labFiles, type LabFile } from '#shared/lab'
import { explained } from '#files/fileErrors'
import { isLockName, lockFolder } from '#files/folderLock'
import { isTemporaryName, removeAbandonedSiblings } from '#files/temporarySibling'
import { isSystemFile } from '#files/atomicFolder'
import type { ComputeInfo } from '#shared/reports'
import { explainOtherCompute } from '../job/otherCompute'
import { compareStudies, nameStudy } from './studyManifest'
import { createJournal, resumeJournal, type Journal, type StudyManifest } from './journal'

/**
 * Runs `work` with exclusive access to a study's folder, because two runs at once would each lose cells that
 * the other has measured.
 *
 * @throws StudioError as {@link openStudyFolder}; UNWRITABLE if a study is being measured there, by this
 *   process or another
 */
export async function inStudyFolder<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  await requireStudyOrNothing(folder)
  const lock = await lockFolder(folder, folder)
  try {
    return await work()
  } finally {
    await lock.release()
  }
}

/**
 * Opens the folder of a study: a new one, an empty one, or one in which the same study was started. Its
 * parent folder must exist.
 *
 * @param compute  how the device was chosen, which a manifest leaves out
 * @throws StudioError EXISTS if the folder contains other files or another study; UNWRITABLE with the cause
 */
export async function openStudyFolder(
  folder: string,
  manifest: StudyManifest,
  compute: ComputeInfo = manifest.compute,
): Promise<Journal> {
  const hasStudy = await requireStudyOrNothing(folder)
  await removeAbandonedSiblings(join(folder, journalName))
  if (!hasStudy) return createJournal(folder, manifest)
  const journal = await resumeJournal(folder)
  requireSameStudy(folder, journal.manifest, manifest, compute)
  return journal
}

/**
 * Compares the study in a folder with the one to be measured.
 *
 * @param now  how the device was chosen, which a manifest leaves out
 * @throws StudioError EXISTS, naming what differs
 */
export function requireSameStudy(
  folder: string,
  held: StudyManifest,
  wanted: StudyManifest,
  now: ComputeInfo = wanted.compute,
): void {
  const { fields, only } = compareStudies(held, wanted)
  if (fields.length === 0) return
  const names = fields.join(', ')
  const { why, resumable } = explainOtherCompute(held.compute, now, { differing: fields })
  const sentence = {
    version:
      'was begun by another version of Slerp Studio, which computes other values: choose another folder.',
    computing: `holds this study, ${why}`,
    study: `holds another study (${nameStudy(held)}), which differs from this one in ${names}: choose another folder.`,
  }[only ?? 'study']
  throw new StudioError('EXISTS', `"${folder}" ${sentence}`, {
    path: folder,
    resumable: only === 'computing' && resumable,
  })
}

const shardFolderName = /^shard-\d+-of-(\d+)$/

/** Returns the name of the folder, inside the study's folder, in which one shard measures its cells. */
export function nameShardFolder({ index, count }: Shard): string {
  return `shard-${index}-of-${count}`
}

/** Returns the number of shards given in the name of a shard's folder; null for any other name. */
export function shardsNamedBy(name: string): number | null {
  const [, count] = shardFolderName.exec(name) ?? []
  return count === undefined ? null : Number(count)
}

/** Creates the folder if necessary, rejects one with other files, and returns whether it contains a study. */
export async function requireStudyOrNothing(folder: string): Promise<boolean> {
  await requireFolder(folder)
  const entries = await explained(folder, 'write', () => readdir(folder))
  if (entries.includes(journalName)) return true
  const isOurs = (name: string): boolean =>
    isSystemFile(name) || isLockName(name) || isTemporaryName(name) || shardsNamedBy(name) !== null
  const foreign = entries.find((name) => !isOurs(name))
  if (foreign === undefined) return false
  const why = entries.some((name) => shardsNamedBy(name) !== null)
    ? `besides shards of a study it holds "${foreign}": move "${foreign}" elsewhere.`
    : `it holds "${foreign}" and no study: choose an empty folder.`
  throw new StudioError('EXISTS', `Cannot write a study into "${folder}": ${why}`, { path: folder })
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null)
  if (found?.isDirectory()) return
  if (found === null) return explained(folder, 'write', () => mkdir(folder))
  throw new StudioError('UNWRITABLE', `Cannot write "${folder}": it is not a folder: choose another name.`, {
    path: folder,
  })
}

/** Lists which of a study's files exist in its folder. */
export async function listStudyFiles(folder: string): Promise<LabFile[]> {
  const names = await explained(folder, 'read', () => readdir(folder))
  return labFiles.filter((name) => names.includes(name))
}
