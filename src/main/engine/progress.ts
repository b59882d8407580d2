import type { Progress } from '#shared/reports'
import type { RequestContext } from './serve'

/** Reports `done` of `total`, with the time left by the pace so far. */
export type ProgressReporter = (done: number, preview?: Uint8Array) => void

/** Starts the clock of one phase of a request. */
export function startPhase(
  { report }: RequestContext,
  phase: Progress['phase'],
  total: number,
  label?: string,
): ProgressReporter {
  const started = performance.now()
  let first = 0
  report({ phase, done: 0, total, etaSeconds: null, label })
  return (done, preview) => {
    // A resumed job begins above zero: what was done before must not count as fast.
    if (first === 0 && done > 1) first = done - 1
    const seconds = (performance.now() - started) / 1000
    const etaSeconds = (seconds / Math.max(done - first, 1)) * (total - done)
    report({ phase, done, total, etaSeconds, label, preview })
  }
}
