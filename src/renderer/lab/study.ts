import type { RouteInput, Routes } from '#shared/contract'
import { settingsId, type LabCell, type LabReport, type SkippedCell } from '#shared/lab'
import type { Progress } from '#shared/progress'

/** All that a study needs, so that it can be gone on with as it was begun. */
export type LabRequest = RouteInput<Routes['lab.run']>

/** What is swept, without what it is measured on. */
export type StudySweep = Omit<LabRequest['study'], 'stops'>

/** A study that is shown: under way, interrupted or finished. */
export interface Study {
  readonly folder: string
  readonly state: 'running' | 'interrupted' | 'finished'
  /** Names of what is measured on: of files, or what a latent is made of. */
  readonly pictures: readonly string[]
  readonly sweep: StudySweep
  readonly cells: readonly LabCell[]
  readonly skipped: readonly SkippedCell[]
  /** What people should know of the figures, a sentence each. */
  readonly notes: readonly string[]
  readonly plannedCells: number
  readonly progress: Progress | null
  /** What began it in this window; null for one that was opened. */
  readonly request: LabRequest | null
}

/** A study as its folder has it. */
export function studyOf(report: LabReport, request: LabRequest | null): Study {
  const { folder, finished, pictures, study, cells, skipped, notes, plannedCells } = report
  const state = finished ? 'finished' : 'interrupted'
  const rest = { folder, pictures, cells, skipped, notes, plannedCells, request }
  return { ...rest, state, sweep: study, progress: null }
}

/** The study after a sign of life: a cell that was measured takes the place of an earlier measurement of it. */
export function withProgress(study: Study, progress: Progress): Study {
  const { cell } = progress
  if (!cell) return { ...study, progress }
  const others = study.cells.filter((one) => settingsId(one) !== settingsId(cell))
  return { ...study, progress, cells: [...others, cell] }
}
