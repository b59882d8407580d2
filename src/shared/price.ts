/** What rules cost, known before it is paid. */
import type { EncodeSettings } from './settings'

/** A rule and its number of steps. */
export type Priced = Pick<EncodeSettings, 'solver' | 'steps'>

/** Network evaluations that a rule takes for one picture there (encoding) and back (decoding). */
export function evaluationsOf({ solver, steps }: Priced): { there: number; back: number } {
  switch (solver) {
    case 'heun':
      // The last step back leads to the clean picture, where there is no epsilon to average with.
      return { there: 2 * steps, back: 2 * steps - 1 }
    case 'fixedPoint':
      return { there: 4 * steps, back: steps }
    case 'plms':
      return { there: steps + 1, back: steps + 1 }
    case 'leapfrog':
      return { there: steps, back: steps - 1 }
    default:
      return { there: steps, back: steps }
  }
}

/** Network evaluations that a rule takes for one picture there and back. */
export function roundTripEvaluations(rule: Priced): number {
  const { there, back } = evaluationsOf(rule)
  return there + back
}
