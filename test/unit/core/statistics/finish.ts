import type { ShortSteps } from '#core/statistics/shortSteps'

/** Runs a calculation to its end. */
export function finish<Result>(steps: ShortSteps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}
