/**
 * A long calculation in steps of at most some tens of milliseconds. It yields the share that is done, 0 to 1, after each, so
 * that whoever runs it can report that share, answer others and stop.
 */
export type ShortSteps<Result> = Generator<number, Result, void>

/** Runs steps as a part of a longer calculation: their share of 0 to 1 is scaled to `from` … `to`. */
export function* scaleProgress<Result>(
  steps: ShortSteps<Result>,
  from: number,
  to: number,
): ShortSteps<Result> {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    yield from + value * (to - from)
  }
}
