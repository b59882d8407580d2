import type { Progress } from '#shared/progress'

/** How long a speed looks back, in milliseconds: long enough to be steady, short enough to follow a change. */
const window = 5000
const reportEvery = 200

/** Counts what has arrived, and tells it now and then with speed and time left. */
export class DownloadMeter {
  readonly #started = performance.now()
  readonly #total: number
  readonly #report: (progress: Progress) => void
  /** When how many bytes had come over the network, over the last seconds. */
  readonly #samples: { time: number; fetched: number }[] = []
  #filesDone = 0
  #fetched = 0
  #lastReport = -Infinity

  /** @param total  bytes of all files, those that are there already included */
  constructor(total: number, report: (progress: Progress) => void) {
    this.#total = total
    this.#report = report
  }

  /** Bytes that came over the network. */
  get fetched(): number {
    return this.#fetched
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1000
  }

  /** Bytes came, or were found in place: the file is there up to `position`. */
  advance(bytes: number, position: number, label: string): void {
    this.#fetched += bytes
    const now = performance.now()
    if (now < this.#lastReport + reportEvery) return
    this.#lastReport = now
    this.#samples.push({ time: now, fetched: this.#fetched })
    while (this.#samples[0].time < now - window) this.#samples.shift()
    this.#tell(position, label)
  }

  /** A file is there as a whole. */
  finish(size: number, label: string): void {
    this.#filesDone += size
    this.#tell(0, label)
  }

  /** Nothing comes at the moment: tells why. */
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
