import { join } from 'node:path'
import { z } from 'zod'
import type { SolverSettings } from '#core/diffusion/settings'
import { readJson } from '#files/fileAccess'
import { settingsId, type LabCell, type LabReport } from '#shared/lab'
import { isDecoded, readJournal, type JournalContent, type StudyManifest } from './journal'
import { listStudyFiles } from './studyFolder'
import { solverSettingsName } from '#core/format/solverNames'
import { summariseCell } from './summarise'

/** Returns the cells measured so far, in the study's order. */
export function measuredCells({ manifest, entries }: JournalContent): LabCell[] {
  return inOrder(manifest.cells, entries).flatMap(({ settings, seconds, outcome }) =>
    outcome.kind === 'measured' ? [summariseCell(settings, outcome, seconds)] : [],
  )
}

function inOrder(cells: readonly SolverSettings[], entries: JournalContent['entries']) {
  return cells.flatMap((settings) => entries.get(settingsId(settings)) ?? [])
}

/**
 * Reports a study from its journal and its folder.
 *
 * @param leftOut  why this run has omitted figures, one sentence each
 */
export async function reportStudy(
  folder: string,
  { manifest, entries }: JournalContent,
  resumedCells: number,
  leftOut: readonly string[] = [],
): Promise<LabReport> {
  const done = inOrder(manifest.cells, entries)
  const failed = done.flatMap(({ settings, outcome }) =>
    outcome.kind === 'failed' ? [{ ...settings, reason: outcome.reason }] : [],
  )
  const files = await listStudyFiles(folder)
  return {
    folder,
    finished: done.length === manifest.cells.length && files.includes('lab.json'),
    model: { id: manifest.model.id, sha256: manifest.model.sha256 },
    pictures: manifest.pictures.map(({ name }) => name),
    pictureHashes: manifest.pictures.map((picture) => (isDecoded(picture) ? null : picture.sha256)),
    study: manifest.study,
    cells: measuredCells({ manifest, entries }),
    skipped: [...manifest.skipped, ...failed],
    plannedCells: manifest.cells.length - failed.length,
    resumedCells,
    files,
    notes: [...noteDecoded(manifest), ...leftOut],
    seconds: done.reduce((sum, { seconds }) => sum + seconds, 0),
    compute: manifest.compute,
  }
}

/** Up to this many latents are named in a sentence; more are only counted. */
const mostNamed = 4

/** States which stops have no original picture to compare with, and what they were measured on. */
function noteDecoded({ pictures }: StudyManifest): string[] {
  const decoded = pictures
    .filter(isDecoded)
    .map(({ name, decode }) => ({ name, by: solverSettingsName(decode) }))
  return [...new Set(decoded.map(({ by }) => by))].map((by) => {
    const names = decoded.filter((picture) => picture.by === by).map(({ name }) => name)
    const which = names.length > mostNamed ? `${names.length} latents` : names.join('; ')
    return `No picture to compare with, so measured on what the latent decodes to by ${by}: ${which}.`
  })
}

/**
 * Reads a study that was run before, finished or not.
 *
 * @throws StudioError NOT_FOUND or UNREADABLE if the folder contains none
 */
export async function openStudy(folder: string): Promise<LabReport> {
  const content = await readJournal(folder)
  const report = await reportStudy(folder, content, measuredCells(content).length)
  // Only the run that finished a study knows why it omitted figures.
  return report.finished ? { ...report, notes: (await readNotes(folder)) ?? report.notes } : report
}

const written = z.object({ notes: z.array(z.string()) })

/** Returns the notes that lab.json holds; null if it cannot be read, or is of a version that wrote none. */
async function readNotes(folder: string): Promise<string[] | null> {
  const json = await readJson(join(folder, 'lab.json'), 'UNREADABLE').catch(() => null)
  return written.safeParse(json).data?.notes ?? null
}
