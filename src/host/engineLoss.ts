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
  /** Its device failed, leaving the process in a state that cannot be trusted. */
  | { readonly kind: 'device'; readonly message: string }

/** How an engine was lost: a code for programs, and a clause without a full stop. */
export interface Loss {
  readonly code: ErrorCode
  readonly cause: string
  /** What the user can do, as a clause. */
  readonly advice: string
}

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
        cause: `The engine process gave no sign of life for ${ending.seconds} s`,
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
        cause: `The engine process needed more than ${formatBytes(ending.limit)} of memory, which is all that it may take of this machine`,
        advice: 'choose a smaller model, or a smaller batch',
      }
    case 'device':
      return { code: 'DEVICE_FAILED', cause: ending.message, advice: again }
  }
}
