import { setImmediate } from 'node:timers/promises'
import type { ShortSteps } from '#core/statistics/shortSteps'
import { reportProgress } from './reportProgress'
import type { RequestContext } from './requestContext'

/** The event loop runs after this many milliseconds of steps; a step that has begun is finished first. */
const turnMilliseconds = 50

/**
 * Runs a long calculation to its end, and reports it as a phase in percent. In between, the event loop runs:
 * the engine shows that it is alive, and takes in cancellations and other requests.
 *
 * @param label  what is calculated
 * @throws the signal's reason once it is aborted; whatever the calculation throws
 */
export async function runShortSteps<Result>(
  steps: ShortSteps<Result>,
  context: RequestContext,
  label: string,
): Promise<Result> {
  const progress = reportProgress(context, 'measure', 100, { label })
  let turn = performance.now()
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    if (performance.now() - turn < turnMilliseconds) continue
    progress(100 * step.value)
    await setImmediate()
    context.signal.throwIfAborted()
    turn = performance.now()
  }
}
