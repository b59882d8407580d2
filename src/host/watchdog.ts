/** Calls `onSilence` when nothing was heard for a while. */
export interface Watchdog {
  /** A sign of life, or a new state of affairs: the clock starts again while `watching`, and stops otherwise. */
  reset(watching: boolean): void
}

/** @param seconds  of silence until `onSilence` is called, once a silence */
export function createWatchdog(seconds: number, onSilence: () => void): Watchdog {
  let timer: NodeJS.Timeout | undefined
  return {
    reset(watching) {
      clearTimeout(timer)
      timer = watching ? setTimeout(onSilence, seconds * 1000) : undefined
    },
  }
}
