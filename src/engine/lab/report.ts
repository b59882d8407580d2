import type { SolverSettings } from '#core/diffusion/settings'
import { settingsId, type LabCell, type LabReport } from '#shared/lab'
import { readJournal, type JournalContent } from './journal'
import { listStudyFiles } from './studyFolder'
import { summariseCell } from './summarise'

/** The cells measured so far, in the study's order. */
export function measuredCells({ recipe, entries }: JournalContent): LabCell[] {
  return inOrder(recipe.cells, entries).flatMap(({ rule, seconds, outcome }) =>
    outcome.kind === 'measured' ? [summariseCell(rule, outcome, seconds)] : [],
  )
}

function inOrder(cells: readonly SolverSettings[], entries: JournalContent['entries']) {
  return cells.flatMap((rule) => entries.get(settingsId(rule)) ?? [])
}

/** A study as its journal and its folder have it. */
export async function reportStudy(
  folder: string,
  { recipe, entries }: JournalContent,
  resumedCells: number,
): Promise<LabReport> {
  const done = inOrder(recipe.cells, entries)
  const failed = done.flatMap(({ rule, outcome }) =>
    outcome.kind === 'failed' ? [{ ...rule, reason: outcome.reason }] : [],
  )
  const files = await listStudyFiles(folder)
  return {
    folder,
    finished: done.length === recipe.cells.length && files.includes('lab.json'),
    model: { id: recipe.model.id, sha256: recipe.model.sha256 },
    pictures: recipe.pictures.map(({ name }) => name),
    study: recipe.study,
    cells: measuredCells({ recipe, entries }),
    skipped: [...recipe.skipped, ...failed],
    plannedCells: recipe.cells.length - failed.length,
    resumedCells,
    files,
    seconds: done.reduce((sum, { seconds }) => sum + seconds, 0),
    compute: recipe.compute,
  }
}

/**
 * A study that was run before, finished or not.
 *
 * @throws StudioError NOT_FOUND or UNREADABLE when the folder holds none
 */
export async function openStudy(folder: string): Promise<LabReport> {
  const content = await readJournal(folder)
  return reportStudy(folder, content, content.entries.size)
}
