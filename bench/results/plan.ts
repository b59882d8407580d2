import { cheapSweeps, priceOfSweeps, sweeps, type Sweep } from './rules'
import { takeEvenly } from './pictures'

/** Pictures, and the rules and numbers of steps they are measured under. */
export interface Part {
  readonly pictures: readonly string[]
  readonly steps: readonly number[]
  readonly sweeps: readonly Sweep[]
}

/** How much is spent where steps are many. */
export interface FineSteps {
  /** The number of steps from which on a part of the pictures must do. */
  readonly fineFrom: number
  /** How many pictures that part has. */
  readonly fineCount: number
}

/**
 * Every rule on all pictures where steps are few; where they are many, and a picture takes minutes, only the rules of
 * one evaluation a step, on a few of the pictures. Parts without steps are left out.
 */
export function planParts(
  pictures: readonly string[],
  steps: readonly number[],
  { fineFrom, fineCount }: FineSteps,
): Part[] {
  const coarse = { pictures, steps: steps.filter((count) => count < fineFrom), sweeps }
  const fine = {
    pictures: takeEvenly(pictures, fineCount),
    steps: steps.filter((count) => count >= fineFrom),
    sweeps: cheapSweeps,
  }
  return [coarse, fine].filter((part) => part.steps.length > 0)
}

/** Evaluations of all parts together. */
export function priceOfParts(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.pictures.length * priceOfSweeps(part.sweeps, part.steps), 0)
}
