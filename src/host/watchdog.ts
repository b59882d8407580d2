/** Calls `onSilence` when nothing was heard for a while. */
export interface Watchdog {
  /**
   * A sign of life, or a new state of affairs: the clock starts again.
   *
   * @param seconds  of silence until `onSilence` is called, once; null stops the clock
   */
  reset(seconds: number | null): void
}

/** How often the clock moves while it runs: short beside any silence worth ending an engine for. */
const ticks = 10

/**
 * Makes a watchdog whose clock stands still until it is first reset. The clock counts its own ticks rather than the time of
 * day: while the computer sleeps or this process is held up, neither it nor the engine gets anywhere, so that time is not
 * silence.
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
