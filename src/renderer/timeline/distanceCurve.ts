import { meanOf } from '#core/numbers/mean'
import { leapsIn, unevenness } from '#core/timeline/frameDistances'

/** A step from one frame to the next, both of the same quality. */
export interface FrameStep {
  /** On 0 … 1. */
  readonly distance: number
  readonly quality: 'draft' | 'final'
}

/** A known step of a film, relative to the mean of all known steps of its quality. */
export interface ComparedStep {
  /** The frame that the step starts from. */
  readonly at: number
  /** Its distance divided by that mean; 0 if nothing changes. */
  readonly size: number
  readonly isLeap: boolean
}

/** How much changes from frame to frame of a film, for the frames that are available. */
export interface DistanceCurve {
  /** The number of steps of the film, known or not. */
  readonly total: number
  /** The known steps, in the order of the film. */
  readonly known: readonly ComparedStep[]
  /** The largest step divided by the mean of its quality; null if no step is known. */
  readonly unevenness: number | null
  /** Whether some steps are between drafts and others between final frames, so that there are two means. */
  readonly isMixed: boolean
}

/** Returns the root mean squared difference of two byte arrays, on 0 … 1. */
export function rmseOfBytes(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2
  return Math.sqrt(sum / a.length) / 255
}

/**
 * Returns the two frames of each step of a film. A closed film has one step more, from its last frame to its
 * first.
 *
 * @param total  frames of the film
 */
export function stepsOf(total: number, closed: boolean): [from: number, to: number][] {
  const count = Math.max(0, closed ? total : total - 1)
  return Array.from({ length: count }, (_, at) => [at, (at + 1) % total])
}

/**
 * Compares the steps of a film. Drafts may change more or less than final frames between the same places of the
 * path, so only steps of equal quality are compared with each other.
 *
 * @param steps  null where a frame is missing, or the two differ in quality
 */
export function distanceCurve(steps: readonly (FrameStep | null)[]): DistanceCurve {
  const known = steps.flatMap((step, at) => (step === null ? [] : [{ ...step, at }]))
  const groups = (['draft', 'final'] as const)
    .map((quality) => known.filter((step) => step.quality === quality))
    .filter((group) => group.length > 0)
  return {
    total: steps.length,
    known: groups.flatMap(compareSteps).sort((a, b) => a.at - b.at),
    unevenness: known.length > 0 ? Math.max(...groups.map((group) => unevenness(distancesOf(group)))) : null,
    isMixed: groups.length > 1,
  }
}

function compareSteps(steps: readonly (FrameStep & { at: number })[]): ComparedStep[] {
  const distances = distancesOf(steps)
  const mean = meanOf(distances)
  const leaps = new Set(leapsIn(distances))
  return steps.map(({ at, distance }, index) => ({
    at,
    size: mean > 0 ? distance / mean : 0,
    isLeap: leaps.has(index),
  }))
}

const distancesOf = (steps: readonly FrameStep[]): number[] => steps.map(({ distance }) => distance)

/** Describes how evenly a film changes, and for how much of it this is known. */
export function describeCurve({ total, known, unevenness: largest, isMixed }: DistanceCurve): string {
  if (largest === null) return 'Change from frame to frame: not known yet'
  const part = known.length < total ? ` of the ${known.length} of ${total} steps known so far` : ''
  const found = known.filter(({ isLeap }) => isLeap).length
  const leaps = found === 1 ? '1 leap' : `${found} leaps`
  const means = isMixed ? '; drafts and final frames each have their own mean' : ''
  return `Change from frame to frame: the largest step is ${largest.toFixed(1)} times the mean${part}, ${leaps}${means}`
}
