/** The share of the frames to decode that must be finished before an estimate is worth showing. */
const leastShare = 0.02

/** Work done so far: frames decoded, with a fraction for those under way, and frames written. */
export interface WorkDone {
  readonly decoded: number
  readonly written: number
}

/** One kind of work: how much of it has been observed, and how many seconds it took. */
class Pace {
  #last = 0
  #amount = 0
  #seconds = 0

  /**
   * Records the amount done so far. It falls when a restarted engine begins its batch again; a fall is ignored.
   */
  note(done: number, seconds: number): void {
    const more = done - this.#last
    this.#last = done
    if (more <= 0) return
    this.#amount += more
    this.#seconds += seconds
  }

  get amount(): number {
    return this.#amount
  }

  secondsFor(amount: number): number {
    return this.#amount === 0 ? 0 : (this.#seconds / this.#amount) * amount
  }
}

/**
 * Creates a function that estimates the seconds left of a video, whose frames are alternately decoded and
 * written, from the pace of each so far. Frames that need no decoding take no time and do not affect the pace;
 * the function returns null until one has been decoded.
 *
 * @param now  returns the current time in seconds
 */
export function createEta(
  now: () => number,
): (done: WorkDone, left: { frames: number; shown: number }) => number | null {
  const [decoding, writing] = [new Pace(), new Pace()]
  let last = now()
  return ({ decoded, written }, left) => {
    const time = now()
    decoding.note(decoded, time - last)
    writing.note(written, time - last)
    last = time
    if (decoding.amount === 0 || decoding.amount < leastShare * (decoding.amount + left.frames)) return null
    return decoding.secondsFor(left.frames) + writing.secondsFor(left.shown)
  }
}
