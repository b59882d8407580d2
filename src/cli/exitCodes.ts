import type { ErrorCode, Failure } from '#shared/errors'

/** Worth trying again: the same command goes on where it was. BSD's EX_TEMPFAIL. */
export const tryAgain = 75

/**
 * What a command ends with, by BSD's sysexits.h: 64 to 78 but 75 mean that the same command would fail again, so that a
 * scheduler need not try.
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

/** What each signal ends a command with that a scheduler does not try again: 128 and the number of the signal. */
const signalCodes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143, SIGUSR1: 138 }

/**
 * The exit code of a failure. A signal of a scheduler, not that of Ctrl-C, ends work that keeps what is done (`resumable`
 * in the failure's data) with {@link tryAgain}.
 */
export function exitCodeOf({ code, data }: Failure): number {
  if (code !== 'CANCELLED') return exitCodes[code]
  const signal = String(data?.['signal'])
  return data?.['resumable'] && signal !== 'SIGINT' ? tryAgain : (signalCodes[signal] ?? 130)
}
