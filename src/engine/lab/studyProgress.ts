import type { SolverSettings } from '#core/diffusion/settings'
import type { LabCell } from '#shared/lab'
import { roundTripNfe } from '#core/diffusion/cost'
import type { Progress } from '#shared/progress'
import type { RequestContext } from '../job/requestContext'

/** Reports a study as one piece of work, counted in evaluations of one picture: the unit that time goes by. */
export interface StudyProgress {
  /** What is at work from now on. */
  begin(phase: Progress['phase'], label: string): void
  advance(evaluations: number): void
  show(cell: LabCell): void
}

/** @param done  evaluations that an earlier run had spent already: they say nothing of this one's pace */
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

/** Settings as people say them: "2m, karras, S = 20". */
export function nameSettings({ solver, timestepSpacing, steps, eta }: SolverSettings): string {
  return `${solver}, ${timestepSpacing}, S = ${steps}${eta > 0 ? `, eta ${eta}` : ''}`
}

/** Evaluations of cells on so many pictures. */
export function costOf(cells: readonly SolverSettings[], pictures: number): number {
  return pictures * cells.reduce((sum, cell) => sum + roundTripNfe(cell), 0)
}
