import type { ErrorCode, Failure } from '#shared/errors'

/** Worth retrying: the same command resumes where it stopped. BSD's EX_TEMPFAIL. */
export const tryAgain = 75

/**
 * Exit codes by BSD's sysexits.h: 64 to 78 except 75 mean that the same command would fail again, so a
 * scheduler need not retry it.
 */
const exitCodes: Readonly<Record<Exclude<ErrorCode, 'CANCELLED'>, number>> = {
  BAD_INPUT: 64,
  BAD_PICTURE: 65,
  BAD_MODEL: 65,
  BAD_LATENT: 65,
  BAD_PROJECT: 65,
  MODEL_MISMATCH: 65,
  NOT_FINITE: 65,
  NOT_FOUND: 66,
  UNREADABLE: 66,
  UNSUPPORTED: 69,
  MISSING_TOOL: 69,
  INTERNAL: 70,
  OUT_OF_MEMORY: 71,
  EXISTS: 73,
  UNWRITABLE: 73,
  DEVICE_FAILED: tryAgain,
  SERVER_FAILED: tryAgain,
  DOWNLOAD_FAILED: tryAgain,
  ENGINE_CRASHED: tryAgain,
  ENGINE_STALLED: tryAgain,
  FORBIDDEN: 77,
}

/** Exit codes after a signal, for commands that a scheduler should not retry: 128 plus the signal number. */
const signalCodes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143, SIGUSR1: 138 }

/**
 * Returns the exit code of a failure. Resumable work (`resumable` in the failure's data) that is ended by a
 * scheduler's signal, rather than by Ctrl-C, exits with {@link tryAgain}, and so does work whose device is not used
 * now.
 */
export function exitCodeOf({ code, data }: Failure): number {
  if (code === 'EXISTS' && data?.['resumable']) return tryAgain
  if (code !== 'CANCELLED') return exitCodes[code]
  const signal = String(data?.['signal'])
  return data?.['resumable'] && signal !== 'SIGINT' ? tryAgain : (signalCodes[signal] ?? 130)
}
