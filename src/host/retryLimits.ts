import type { Ending, LostRequest } from './engineLoss'

/** The counts of a request that was running when engines were lost. */
export interface Tries {
  retriesLeft: number
  /** Set once an engine hung, or took too much memory, during this request and others. */
  isSuspect: boolean
}

/** What is known about which request caused the loss of an engine. */
export interface Suspicion {
  /** The request whose device failed. */
  readonly failed: LostRequest | null
  /** Whether only one request was running. */
  readonly wasAlone: boolean
}

/**
 * Decides whether a request is given up rather than sent again, and counts the attempt. If it was the only one when
 * its engine hung or took too much memory, it would do so again. Of several, all become suspects, and those still
 * running when it happens again are given up. A device that failed for one request says nothing about the others.
 */
export function isGivenUp(
  request: LostRequest & Tries,
  ending: Ending | null,
  { failed, wasAlone }: Suspicion,
): boolean {
  if (ending?.kind === 'deaf' || (failed !== null && failed !== request)) return false
  if (ending?.kind !== 'stalled' && ending?.kind !== 'memory') return request.retriesLeft-- === 0
  const isCause = request.isSuspect || wasAlone
  request.isSuspect = true
  return isCause
}
