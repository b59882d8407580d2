import { DomainError } from '#core/DomainError'
import { isOutOfMemory } from './runtimeWords'

/**
 * Every way a request can fail, as one word for programs. The accompanying sentence is for people: what
 * happened, where, and what to do next.
 */
export const errorCodes = [
  'BAD_INPUT', // a value outside its range, a missing argument
  'NOT_FOUND', // no file or folder at the path
  'UNREADABLE', // it exists, but cannot be read
  'UNWRITABLE', // the output cannot be written: permissions, a full disk
  'EXISTS', // writing would replace something the user did not agree to replace
  'BAD_PICTURE', // not a picture, damaged, or over the limits
  'BAD_MODEL', // not a model folder, damaged weights, a missing tensor
  'UNSUPPORTED', // well-formed, but of a kind this program does not run
  'BAD_LATENT', // not a latent file, or a damaged one
  'BAD_PROJECT', // not a project file, or a damaged one
  'MODEL_MISMATCH', // a latent of another model or schedule
  'MISSING_TOOL', // a program on PATH that this output needs
  'NOT_FINITE', // the network produced NaN or infinity
  'DEVICE_FAILED', // the graphics card, its driver or its libraries failed; the CPU would not have
  'SERVER_FAILED', // a server that evaluates networks does not respond
  'DOWNLOAD_FAILED', // the network, the hub, or the data it sent
  'FORBIDDEN', // the hub requires an agreement or a token, downloads are switched off, or the window may not do it
  'CANCELLED',
  'ENGINE_CRASHED', // the engine process ended during the request
  'ENGINE_STALLED', // the engine process stopped responding and was killed
  'OUT_OF_MEMORY', // a process needed more memory than it is allowed, or than there is
  'INTERNAL', // a bug in this program
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** A failure with a code for programs and one sentence for people. */
export class StudioError extends Error {
  override readonly name = 'StudioError'

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly data?: Record<string, unknown>,
  ) {
    super(message)
  }
}

/** The form in which a failure crosses a process boundary. */
export interface Failure {
  code: ErrorCode
  message: string
  data?: Record<string, unknown>
}

/** The envelope of every response: nothing throws across a process boundary. */
export type Result<T> = { ok: true; data: T } | { ok: false; error: Failure }

/**
 * Turns anything thrown into a {@link Failure}. `core` reports values outside its limits as
 * {@link DomainError}, so these count as bad input, and V8 reports a lack of memory as a RangeError; anything
 * else unknown is a bug of ours and keeps its stack in `data`.
 */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof StudioError) return { code: thrown.code, message: thrown.message, data: thrown.data }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (error instanceof DomainError) return { code: 'BAD_INPUT', message: error.message }
  const data = { stack: error.stack }
  if (error instanceof RangeError && isOutOfMemory(error.message)) {
    return {
      code: 'OUT_OF_MEMORY',
      message:
        'There is too little memory for this: close other programs, or choose a smaller size or batch.',
      data,
    }
  }
  return { code: 'INTERNAL', message: error.message, data }
}

/**
 * Returns the data of a successful result.
 *
 * @throws StudioError with the code, message and data of a failed one
 */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.data
  throw new StudioError(result.error.code, result.error.message, result.error.data)
}
