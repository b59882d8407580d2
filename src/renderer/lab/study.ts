import type { RouteInput, Routes } from '#shared/contract'
import { settingsId, type LabCell, type LabReport, type SkippedCell } from '#shared/lab'
import type { Progress } from '#shared/progress'

/** Everything a study needs, so that it can be resumed as it was started. */
export type LabRequest = RouteInput<Routes['lab.run']>

/** What is swept, without the pictures and latents that it is measured on. */
export type StudySweep = Omit<LabRequest['study'], 'stops'>

/** A study on display: running, interrupted or finished. */
export interface Study {
  readonly folder: string
  readonly state: 'running' | 'interrupted' | 'finished'
  /** Names of what is measured: file names, or what a latent is made from. */
  readonly pictures: readonly string[]
  /** SHA-256 of the files of its pictures, in the same order; null for any other latent. */
  readonly pictureHashes: readonly (string | null)[]
  readonly sweep: StudySweep
  readonly cells: readonly LabCell[]
  readonly skipped: readonly SkippedCell[]
  /** Notes on the figures for the user, one sentence each. */
  readonly notes: readonly string[]
  readonly plannedCells: number
  readonly progress: Progress | null
  /** The request that started it in this window; null for a study that was opened. */
  readonly request: LabRequest | null
}

/** Converts a report on a study's folder into a study. */
export function studyOf(report: LabReport, request: LabRequest | null): Study {
  const { folder, finished, pictures, pictureHashes, study, cells, skipped, notes, plannedCells } = report
  const state = finished ? 'finished' : 'interrupted'
  const rest = { folder, pictures, pictureHashes, cells, skipped, notes, plannedCells, request }
  return { ...rest, state, sweep: study, progress: null }
}

/** Returns the study updated by a progress report. A measured cell replaces its earlier measurement. */
export function withProgress(study: Study, progress: Progress): Study {
  const { cell } = progress
  if (!cell) return { ...study, progress }
  const others = study.cells.filter((one) => settingsId(one) !== settingsId(cell))
  return { ...study, progress, cells: [...others, cell] }
}
