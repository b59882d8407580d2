import type { EngineRouteName } from '#shared/contract'
import type { ErrorCode } from '#shared/errors'
import { formatBytes } from '#core/format/quantities'

/** Why a client killed its engine. */
export type Ending =
  /** It showed no sign of life for this many seconds. */
  | { readonly kind: 'stalled'; readonly seconds: number }
  /** It did not respond to a cancel. */
  | { readonly kind: 'deaf' }
  /** It held more bytes than allowed. */
  | { readonly kind: 'memory'; readonly limit: number }
  /** Its device failed during the request with this id, leaving the process in a state that cannot be trusted. */
  | { readonly kind: 'device'; readonly id: string; readonly message: string }

/** How an engine was lost: a code for programs, and a clause without a full stop. */
export interface Loss {
  readonly code: ErrorCode
  readonly cause: string
  /** What the user can do, as a clause. */
  readonly advice: string
}

/** A request that was running when its engine was lost, or its server given up. */
export interface LostRequest {
  readonly route: EngineRouteName
  readonly input: unknown
  /** How many engines have been lost during it, this one included. */
  readonly losses: number
}

/** The facts that decide what becomes of a request. */
export interface LossOfMany {
  /** A clause without a full stop. */
  readonly cause: string
  /** The request whose device failed; null if the engine was lost in another way. */
  readonly failed: LostRequest | null
  /** All requests that were running, the one decided on included. */
  readonly running: readonly LostRequest[]
}

/** The request to send instead, and one sentence for the user if there is something to report. */
export interface Revision {
  readonly input: unknown
  readonly message: string | null
}

/** Why a request is not sent again: a code for programs, and what the user can do, as a clause. */
export type Refusal = Pick<Loss, 'code' | 'advice'>

/** Decides what becomes of a lost request; null leaves it to the client's count of retries. */
export type Revise = (request: LostRequest, loss: LossOfMany) => Revision | Refusal | null

/**
 * Describes the loss of an engine.
 *
 * @param ending  why it was killed; null if it ended by itself
 * @param reason  how it ended according to the system: an exit code or a signal
 */
export function describeLoss(ending: Ending | null, reason: string): Loss {
  const again = 'try again'
  switch (ending?.kind) {
    case undefined:
      return {
        code: 'ENGINE_CRASHED',
        cause: `The engine process ended unexpectedly (${reason})`,
        advice: again,
      }
    case 'stalled':
      return {
        code: 'ENGINE_STALLED',
        cause: `The engine process did not respond for ${ending.seconds} s`,
        advice: 'this model may be too slow for this machine, or never end. Try another',
      }
    case 'deaf':
      return {
        code: 'CANCELLED',
        cause: 'The engine process did not stop when it was cancelled',
        advice: again,
      }
    case 'memory':
      return {
        code: 'OUT_OF_MEMORY',
        cause: `The engine process needed more than ${formatBytes(ending.limit)} of memory, the most that it may use on this machine`,
        advice: 'choose a smaller model, or a smaller batch',
      }
    case 'device':
      return { code: 'DEVICE_FAILED', cause: ending.message, advice: again }
  }
}
