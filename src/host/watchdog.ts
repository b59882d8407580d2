/** Calls `onSilence` after a period of silence. */
export interface Watchdog {
  /**
   * Restarts the clock, on a sign of life or a change of state.
   *
   * @param seconds  of silence until `onSilence` is called, once; null stops the clock
   */
  reset(seconds: number | null): void
}

/** Ticks per period of silence: each is short compared with any silence worth killing an engine for. */
const ticks = 10

/**
 * Creates a watchdog whose clock is stopped until the first reset. The clock counts its own ticks rather than
 * wall time: while the computer sleeps or this process is blocked, neither it nor the engine makes progress,
 * so that time does not count as silence.
 */
export function createWatchdog(onSilence: (seconds: number) => void): Watchdog {
  let timer: NodeJS.Timeout | undefined
  return {
    reset(seconds) {
      clearInterval(timer)
      if (seconds === null) return
      let left = ticks
      timer = setInterval(
        () => {
          if (--left > 0) return
          clearInterval(timer)
          onSilence(seconds)
        },
        (seconds * 1000) / ticks,
      )
    },
  }
}
