import { isOutOfMemory } from '#shared/runtimeWords'

/**
 * Whether an error says that the mathematics does not allow what was asked, so that it fails whenever it is
 * asked. V8 reports a lack of memory by the same kind of error.
 */
export function isOutOfReach(error: unknown): error is RangeError {
  return error instanceof RangeError && !isOutOfMemory(error.message)
}
