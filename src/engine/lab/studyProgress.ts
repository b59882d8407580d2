import type { LabCell } from '#shared/lab'
import { roundTripNfe, type Costed } from '#core/diffusion/cost'
import type { Progress } from '#shared/progress'
import type { RequestContext } from '../job/requestContext'

/** Reports a study as one task, counted in evaluations of one picture, which take about equal time. */
export interface StudyProgress {
  /** Sets what is reported from now on. */
  begin(phase: Progress['phase'], label: string): void
  advance(evaluations: number): void
  show(cell: LabCell): void
}

/** @param done  evaluations already spent by an earlier run, which say nothing about the pace of this one */
export function startStudyProgress(
  { report }: RequestContext,
  { total, done }: { total: number; done: number },
): StudyProgress {
  const started = performance.now()
  const before = done
  let label = ''
  let phase: Progress['phase'] = 'measure'
  const tell = (cell?: LabCell): void => {
    const seconds = (performance.now() - started) / 1000
    const etaSeconds = done === before ? null : (seconds / (done - before)) * Math.max(0, total - done)
    report({ phase, done: Math.min(done, total), total, etaSeconds, label, ...(cell && { cell }) })
  }
  return {
    begin(nextPhase, nextLabel) {
      phase = nextPhase
      label = nextLabel
      tell()
    },
    advance(evaluations) {
      done += evaluations
      tell()
    },
    show: tell,
  }
}

/** Counts the evaluations of cells on a number of pictures. */
export function costOf(cells: readonly Costed[], pictures: number): number {
  return pictures * cells.reduce((sum, cell) => sum + roundTripNfe(cell), 0)
}
