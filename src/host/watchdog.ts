/** Calls `onSilence` when nothing was heard for a while. */
export interface Watchdog {
  /**
   * A sign of life, or a new state of affairs: the clock starts again.
   *
   * @param seconds  of silence until `onSilence` is called, once; null stops the clock
   */
  reset(seconds: number | null): void
}

/** Makes a watchdog whose clock stands still until it is first reset. */
export function createWatchdog(onSilence: (seconds: number) => void): Watchdog {
  let timer: NodeJS.Timeout | undefined
  return {
    reset(seconds) {
      clearTimeout(timer)
      timer = seconds === null ? undefined : setTimeout(() => onSilence(seconds), seconds * 1000)
    },
  }
}
