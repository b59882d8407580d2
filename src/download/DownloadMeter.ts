import type { Progress } from '#shared/progress'

/** Window for averaging the speed, in milliseconds: long enough to be steady, short enough to adapt. */
const window = 5000
const reportEvery = 200

/** Counts the bytes that have arrived and regularly reports progress with speed and time left. */
export class DownloadMeter {
  readonly #started = performance.now()
  readonly #total: number
  readonly #report: (progress: Progress) => void
  /** Bytes received over the network by each time, over the last seconds. */
  readonly #samples: { time: number; fetched: number }[] = []
  #filesDone = 0
  #fetched = 0
  #lastReport = -Infinity

  /** @param total  bytes of all files, including those already present */
  constructor(total: number, report: (progress: Progress) => void) {
    this.#total = total
    this.#report = report
  }

  /** Bytes received over the network. */
  get fetched(): number {
    return this.#fetched
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1000
  }

  /** Records bytes received over the network; the current file is now complete up to `position`. */
  advance(bytes: number, position: number, label: string): void {
    this.#fetched += bytes
    const now = performance.now()
    if (now < this.#lastReport + reportEvery) return
    this.#lastReport = now
    this.#samples.push({ time: now, fetched: this.#fetched })
    while (this.#samples[0].time < now - window) this.#samples.shift()
    this.#tell(position, label)
  }

  /** Records that a file is complete. */
  finish(size: number, label: string): void {
    this.#filesDone += size
    this.#tell(0, label)
  }

  /** Reports that nothing is arriving at the moment, and why. */
  pause(position: number, label: string): void {
    this.#samples.length = 0
    this.#tell(position, label)
  }

  #tell(position: number, label: string): void {
    const done = this.#filesDone + position
    const [first, last] = [this.#samples[0], this.#samples.at(-1)]
    const speed =
      first && last && last.time > first.time
        ? (1000 * (last.fetched - first.fetched)) / (last.time - first.time)
        : null
    this.#report({
      phase: 'download',
      done,
      total: this.#total,
      etaSeconds: speed ? (this.#total - done) / speed : null,
      bytesPerSecond: speed,
      label,
    })
  }
}
