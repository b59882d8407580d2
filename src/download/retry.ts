import { setTimeout } from 'node:timers/promises'
import { StudioError } from '#shared/errors'
import { TransientError } from './hubFailure'

/** How long and how often to retry after transient failures. */
export interface RetryPolicy {
  /** Silence after which a connection counts as broken, in milliseconds. */
  readonly stallMilliseconds: number
  /** Wait after the first failure, in milliseconds; doubles after each further one. */
  readonly firstWait: number
  readonly longestWait: number
  /** Number of failures in a row, without progress in between, after which to give up. */
  readonly attempts: number
}

/** The waits add up to about a minute. */
export const usualRetryPolicy: RetryPolicy = {
  stallMilliseconds: 30_000,
  firstWait: 500,
  longestWait: 30_000,
  attempts: 8,
}

/** Options of {@link retry}. */
export interface RetryOptions {
  readonly retryPolicy: RetryPolicy
  /** Whether there has been progress since the last call; if so, the waits start again from the first. */
  readonly hasProgressed?: () => boolean
  /** Called before each wait, in seconds. */
  readonly onWait?: (seconds: number, cause: string) => void
  /** Whether to give up at once if no connection can be made: being offline is a state, not a hiccup. */
  readonly failsOffline?: boolean
  /** A sentence appended to the message of the final failure. */
  readonly finalHint?: string
}

/**
 * Repeats an operation over a network until it succeeds, waiting longer after each transient failure.
 *
 * @throws the last failure's StudioError when the retries are exhausted, and every failure that is not
 *   transient at once
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { retryPolicy, hasProgressed = () => false, onWait, failsOffline = false, finalHint } = options
  let failures = 0
  for (;;) {
    try {
      return await work()
    } catch (thrown) {
      if (!(thrown instanceof TransientError)) throw thrown
      failures = hasProgressed() ? 1 : failures + 1
      const { code, message } = thrown.failure
      if (failures >= retryPolicy.attempts || (failsOffline && thrown.isUnreachable)) {
        throw new StudioError(code, finalHint ? `${message} ${finalHint}` : message)
      }
      const doubled = Math.min(retryPolicy.longestWait, retryPolicy.firstWait * 2 ** (failures - 1))
      // Random jitter, so that clients that lost the same server do not all return at the same moment.
      const wait = Math.max(doubled * (0.75 + 0.5 * Math.random()), 1000 * (thrown.retryAfter ?? 0))
      onWait?.(wait / 1000, message)
      await setTimeout(wait)
    }
  }
}
