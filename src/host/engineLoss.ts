import type { ErrorCode } from '#shared/errors'
import { formatBytes } from '#core/format/quantities'

/** Why a client ended its engine. */
export type Ending =
  /** No sign of life for so many seconds. */
  | { readonly kind: 'stalled'; readonly seconds: number }
  /** A cancel was not answered. */
  | { readonly kind: 'deaf' }
  /** It held more bytes than it may. */
  | { readonly kind: 'memory'; readonly limit: number }
  /** Its device failed, and left the process in a state that is not to be trusted. */
  | { readonly kind: 'device'; readonly message: string }

/** How an engine was lost: for programs, and as a clause without full stop. */
export interface Loss {
  readonly code: ErrorCode
  readonly cause: string
  /** What the person can do, as a clause. */
  readonly advice: string
}

/**
 * Words the loss of an engine.
 *
 * @param ending  why it was ended on purpose; null when it ended by itself
 * @param reason  how the system says it ended: an exit code or a signal
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
