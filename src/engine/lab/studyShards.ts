import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { explained } from '#files/fileErrors'
import { makeFolder } from '#files/makeFolder'
import type { MergeReport, Shard } from '#shared/batch'
import type { EngineRoutes, RouteRequest } from '#shared/contract'
import { StudioError } from '#shared/errors'
import { settingsId } from '#shared/lab'
import type { ComputeInfo } from '#shared/reports'
import { readJournal, type JournalContent, type StudyManifest } from './journal'
import { reportStudy } from './report'
import { compareStudies, nameStudy } from './studyManifest'
import {
  inStudyFolder,
  nameShardFolder,
  openStudyFolder,
  requireSameStudy,
  requireStudyOrNothing,
  shardsNamedBy,
} from './studyFolder'
import { writeReport, writeTable } from './writeStudy'

/**
 * Returns the folder in which one shard measures its cells, inside the study's folder, which is created
 * if necessary.
 *
 * @throws StudioError EXISTS if the study's folder contains other files; UNWRITABLE with the cause
 */
export async function shardFolder(study: string, shard: Shard): Promise<string> {
  await makeFolder(study)
  await requireStudyOrNothing(study)
  return join(study, nameShardFolder(shard))
}

/**
 * Checks that what is in a study's folder, merged or in shards, belongs to the study of a shard that is to be
 * measured there: it could not be merged otherwise.
 *
 * @throws StudioError EXISTS, naming what differs
 */
export async function requireShardFits(
  study: string,
  manifest: StudyManifest,
  now: ComputeInfo = manifest.compute,
): Promise<void> {
  for (const folder of [study, ...(await listShards(study)).map((name) => join(study, name))]) {
    const held = await readJournal(folder).catch((error: unknown) => {
      // A folder without a journal: no shard is merged yet, or another one is just beginning.
      if (error instanceof StudioError && error.code === 'NOT_FOUND') return null
      throw error
    })
    if (held) requireSameStudy(folder, held.manifest, manifest, now)
  }
}

/** Whether a folder contains measurements of a study's shards. */
export async function holdsStudyShards(folder: string): Promise<boolean> {
  return (await listShards(folder)).length > 0
}

/**
 * Merges the cells that shards have measured into the study of their folder, and writes its table, curves and
 * lab.json. Picture figures need the network: running the study itself in the folder then draws only those.
 *
 * @throws StudioError BAD_INPUT with a target; NOT_FOUND if cells are missing, naming the shards;
 *   MODEL_MISMATCH if shards belong to different studies
 */
export async function mergeStudy({
  folder,
  target,
}: RouteRequest<EngineRoutes['batch.merge']>): Promise<MergeReport> {
  if (target) {
    throw new StudioError('BAD_INPUT', `"${folder}" holds a study, of which no film is made: leave -o out.`)
  }
  const shards = await readShards(folder)
  const [{ manifest }] = shards
  requireOneStudy(folder, shards)
  const entries = new Map(shards.flatMap((shard) => [...shard.entries]))
  requireAllCells(folder, manifest, entries, shards[0].count)
  await inStudyFolder(folder, async () => {
    const journal = await openStudyFolder(folder, manifest)
    for (const settings of manifest.cells) {
      const entry = entries.get(settingsId(settings))
      if (entry && !journal.entries.has(settingsId(settings))) await journal.append(entry)
    }
    await writeTable(folder, journal)
    await writeReport(folder, await reportStudy(folder, journal, 0), manifest)
  })
  return { folder, shards: shards.length, items: manifest.cells.length, output: null }
}

/** What a shard has measured, and the total number of shards. */
interface StudyShard extends JournalContent {
  readonly name: string
  readonly count: number
}

async function listShards(folder: string): Promise<string[]> {
  const entries = await explained(folder, 'read', () => readdir(folder, { withFileTypes: true }))
  return entries
    .filter((entry) => entry.isDirectory() && shardsNamedBy(entry.name) !== null)
    .map(({ name }) => name)
    .sort()
}

async function readShards(folder: string): Promise<StudyShard[]> {
  const shards: StudyShard[] = []
  for (const name of await listShards(folder)) {
    const count = shardsNamedBy(name) ?? 1
    shards.push({ name, count, ...(await readJournal(join(folder, name))) })
  }
  return shards
}

function requireOneStudy(folder: string, [first, ...others]: readonly StudyShard[]): void {
  const differences = others.map(({ manifest }) => compareStudies(first.manifest, manifest).fields)
  const at = differences.findIndex((fields) => fields.length > 0)
  if (at < 0) return
  throw new StudioError(
    'MODEL_MISMATCH',
    `"${folder}" holds shards of two studies: ${first.name} (${nameStudy(first.manifest)}) and ${others[at].name} differ in ${differences[at].join(', ')}. Remove the one that does not belong there.`,
    { path: folder },
  )
}

function requireAllCells(
  folder: string,
  { cells }: StudyManifest,
  entries: JournalContent['entries'],
  count: number,
): void {
  const missing = cells.flatMap((settings, k) => (entries.has(settingsId(settings)) ? [] : [k]))
  if (missing.length === 0) return
  const lacking = [...new Set(missing.map((k) => k % count))].sort((a, b) => a - b)
  throw new StudioError(
    'NOT_FOUND',
    `The study in "${folder}" is not complete: ${missing.length} of ${cells.length} cells are missing. Run ${lacking.length === 1 ? 'shard' : 'shards'} ${lacking.join(', ')} of ${count} again.`,
    { path: folder, missing: missing.length, shards: lacking },
  )
}
