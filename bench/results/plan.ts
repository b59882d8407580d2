import { cheapSweeps, dearSweeps, mainSweeps, costOfSweeps, type Sweep } from './solverChoices'
import { takeEvenly } from './pictures'

/** Pictures, and the solvers and numbers of steps that they are measured with. */
export interface Part {
  readonly pictures: readonly string[]
  readonly steps: readonly number[]
  readonly sweeps: readonly Sweep[]
}

/** What is measured on only a few pictures, because it is expensive. */
export interface DearParts {
  /** The number of steps from which on it is expensive. */
  readonly fineFrom: number
  /** How many pictures are enough then. */
  readonly fineCount: number
}

/**
 * Measures solvers with one evaluation per step on all pictures if steps are few. Measures on a few of the
 * pictures: solvers with more evaluations per step; and, if steps are many, the paper's two and the presets'.
 * Parts without steps are left out.
 */
export function planParts(
  pictures: readonly string[],
  steps: readonly number[],
  { fineFrom, fineCount }: DearParts,
): Part[] {
  const few = takeEvenly(pictures, fineCount)
  const coarse = steps.filter((count) => count < fineFrom)
  const fine = steps.filter((count) => count >= fineFrom)
  return [
    { pictures, steps: coarse, sweeps: cheapSweeps },
    { pictures: few, steps: coarse, sweeps: dearSweeps },
    { pictures: few, steps: fine, sweeps: mainSweeps },
  ].filter((part) => part.steps.length > 0)
}

/** Says over how many pictures the results of {@link planParts} are means. */
export function meanInWords(
  count: number,
  steps: readonly number[],
  { fineFrom, fineCount }: DearParts,
): string {
  const few = Math.min(count, fineCount)
  const all = `mean over ${count} pictures`
  if (few === count) return all
  if (steps.every((one) => one >= fineFrom)) return `mean over ${few} pictures`
  const fine = steps.some((one) => one >= fineFrom) ? ` and from S = ${fineFrom} on` : ''
  return `${all}; over ${few} of them with more than one evaluation per step${fine}`
}

/** Evaluations of all parts together. */
export function costOfParts(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.pictures.length * costOfSweeps(part.sweeps, part.steps), 0)
}
