import { setTimeout } from 'node:timers/promises'
import { StudioError } from '#shared/errors'
import { PassingFailure } from './hubFailure'

/** How long what may pass is waited for. */
export interface Patience {
  /** Silence after which a connection counts as broken, in milliseconds. */
  readonly stallMilliseconds: number
  /** Wait after the first failure, in milliseconds; doubled after each that follows. */
  readonly firstWait: number
  readonly longestWait: number
  /** Failures in a row, with nothing gained between them, after which it is given up. */
  readonly attempts: number
}

/** A minute and a half in all without a byte. */
export const usualPatience: Patience = {
  stallMilliseconds: 30_000,
  firstWait: 500,
  longestWait: 30_000,
  attempts: 8,
}

export interface RetryOptions {
  readonly patience: Patience
  /** Whether anything was gained since it was last asked: then the waiting begins anew. */
  readonly hasGained?: () => boolean
  /** Told before each wait, in seconds. */
  readonly onWait?: (seconds: number, cause: string) => void
  /** Whether to give up at once where no connection comes about: being offline is a state, not a hiccup. */
  readonly failsOffline?: boolean
  /** What is added to the sentence of the failure in the end. */
  readonly consolation?: string
}

/**
 * Does something over a network until it succeeds, waiting longer and longer while it fails in ways that may pass.
 *
 * @throws the last failure's StudioError when patience is at an end, and every failure that does not pass
 */
export async function retrying<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { patience, hasGained = () => false, onWait, failsOffline = false, consolation } = options
  let failures = 0
  for (;;) {
    try {
      return await work()
    } catch (thrown) {
      if (!(thrown instanceof PassingFailure)) throw thrown
      failures = hasGained() ? 1 : failures + 1
      const { code, message } = thrown.failure
      if (failures >= patience.attempts || (failsOffline && thrown.isUnreachable)) {
        throw new StudioError(code, consolation ? `${message} ${consolation}` : message)
      }
      const doubled = Math.min(patience.longestWait, patience.firstWait * 2 ** (failures - 1))
      // Spread, so that many who lost the same server do not come back to it at the same moment.
      const wait = Math.max(doubled * (0.75 + 0.5 * Math.random()), 1000 * (thrown.retryAfter ?? 0))
      onWait?.(wait / 1000, message)
      await setTimeout(wait)
    }
  }
}
