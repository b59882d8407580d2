import type { Progress } from '#shared/progress'
import type { RequestContext } from './requestContext'

/** Reports `done` of `total` parts, fractions included, with the time left at the pace so far. */
export interface ProgressReporter {
  (done: number, shown?: Pick<Progress, 'preview' | 'item'>): void
  /** Reports `parts` more that were already done, which says nothing about the pace. */
  found(parts: number): void
}

/**
 * Starts the clock of one phase of a request.
 *
 * @param before  how much of `total` an earlier run had done, which says nothing about the pace of this one
 */
export function reportProgress(
  { report }: RequestContext,
  phase: Progress['phase'],
  total: number,
  { label, before = 0 }: { label?: string; before?: number } = {},
): ProgressReporter {
  const started = performance.now()
  let [done, worked] = [before, 0]
  report({ phase, done, total, etaSeconds: null, label })

  function progress(now: number, shown?: Pick<Progress, 'preview' | 'item'>): void {
    worked += now - done
    done = now
    const seconds = (performance.now() - started) / 1000
    const etaSeconds = worked > 0 ? (seconds / worked) * (total - done) : null
    report({ phase, done, total, etaSeconds, label, ...shown })
  }
  progress.found = (parts: number): void => {
    done += parts
    report({ phase, done, total, etaSeconds: null, label })
  }
  return progress
}
