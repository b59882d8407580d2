import { StudioError, unwrap, type Result } from '#shared/errors'
import { say } from './terminal'

/** Signals that end a command. Cluster schedulers send SIGUSR1 some time before they end a job. */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGUSR1'] as const
export type EndingSignal = (typeof endingSignals)[number]

/** Runs a command that these signals cancel; a second one calls `onSecond`, for users who will not wait. */
export async function withInterrupts<T>(
  farewells: Readonly<Record<EndingSignal, string>>,
  onSecond: () => void,
  command: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const interrupt = new AbortController()
  const onInterrupt = (signal: EndingSignal): void => {
    if (interrupt.signal.aborted) onSecond()
    else say(farewells[signal])
    interrupt.abort(signal)
  }
  for (const name of endingSignals) process.on(name, onInterrupt)
  try {
    return await command(interrupt.signal)
  } finally {
    for (const name of endingSignals) process.off(name, onInterrupt)
  }
}

/**
 * Returns the data of a successful result.
 *
 * @throws StudioError of a failed one, with `data.signal` if a signal cancelled it
 */
export function unwrapCancelled<T>(result: Result<T>, signal: AbortSignal): T {
  if (!result.ok && result.error.code === 'CANCELLED') {
    throw new StudioError('CANCELLED', `Cancelled by ${signal.reason}.`, { signal: signal.reason })
  }
  return unwrap(result)
}
