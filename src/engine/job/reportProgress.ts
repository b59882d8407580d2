import type { Progress } from '#shared/progress'
import type { RequestContext } from './requestContext'

/** Reports `done` of `total`, with the time left by the pace so far. */
export type ProgressReporter = (done: number, preview?: Uint8Array) => void

/**
 * Starts the clock of one phase of a request.
 *
 * @param before  how much of `total` an earlier run had done: it says nothing of the pace of this one
 */
export function reportProgress(
  { report }: RequestContext,
  phase: Progress['phase'],
  total: number,
  { label, before = 0 }: { label?: string; before?: number } = {},
): ProgressReporter {
  const started = performance.now()
  report({ phase, done: before, total, etaSeconds: null, label })
  return (done, preview) => {
    const seconds = (performance.now() - started) / 1000
    const etaSeconds = (seconds / Math.max(done - before, 1)) * (total - done)
    report({ phase, done, total, etaSeconds, label, preview })
  }
}
