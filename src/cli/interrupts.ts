import { StudioError, unwrap, type Result } from '#shared/errors'
import { say } from './terminal'

/** Signals that end a command. */
export type EndingSignal = 'SIGINT' | 'SIGTERM'

/** Runs a command that Ctrl-C and SIGTERM cancel; `onSecond` is for people who will not wait for that. */
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
  process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt)
  try {
    return await command(interrupt.signal)
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt)
  }
}

/**
 * The data of a successful result.
 *
 * @throws StudioError of a failed one, with `data.signal` where one of the signals cancelled it
 */
export function unwrapCancelled<T>(result: Result<T>, signal: AbortSignal): T {
  if (!result.ok && result.error.code === 'CANCELLED') {
    throw new StudioError('CANCELLED', `Cancelled by ${signal.reason}.`, { signal: signal.reason })
  }
  return unwrap(result)
}
