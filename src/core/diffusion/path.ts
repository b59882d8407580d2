import type { NoiseLevel } from './noiseLevel'
import { cleanTimestep, levelAt, type NoiseSchedule } from './noiseSchedule'

/**
 * Which timestep the network is shown while encoding: `current`, that of the state it is given, or `next`,
 * that of the state the step leads to, as in diffusers' inverse of DDIM.
 */
export const conditioningTimesteps = ['current', 'next'] as const
export type ConditioningTimestep = (typeof conditioningTimesteps)[number]

/** A point on the noise scale: a timestep and its level. */
export interface Point extends NoiseLevel {
  readonly timestep: number
}

/**
 * One step of a trajectory: an encoding step if it leads to more noise, a decoding step if it leads to less.
 * Most solvers treat both alike.
 */
export interface PathStep {
  readonly from: Point
  readonly to: Point
  /** The timestep that the network is shown with the state at `from`. */
  readonly conditioningTimestep: number
  /** True if no later step of a decoding path removes noise, so what this one adds stays in the picture. */
  readonly isLast?: boolean
}

/** Returns the point at a timestep, which may be fractional; -1 and anything below is the clean picture. */
export function pointAt(schedule: NoiseSchedule, timestep: number): Point {
  if (timestep > -1) return { timestep, ...levelAt(schedule, timestep) }
  return { timestep: cleanTimestep(schedule), ...schedule.clean }
}

/** Two neighbouring points of a trajectory, the less noisy one first. */
type Interval = readonly [low: Point, high: Point]

/**
 * Returns one interval per timestep, ascending. `stride` is that of diffusers' DDIM and PNDM, which go down
 * by this many timesteps from each one, whatever the next is. Without it, each interval starts where the
 * previous one ended.
 */
function intervals(
  schedule: NoiseSchedule,
  timesteps: readonly number[],
  stride: number | undefined,
): Interval[] {
  return timesteps.map((timestep, index) => {
    const below = stride === undefined ? (timesteps[index - 1] ?? -1) : timestep - stride
    return [pointAt(schedule, below), pointAt(schedule, timestep)]
  })
}

/**
 * Returns the path from the clean picture up to tau_S, one step per timestep.
 *
 * @param conditioningTimestep  `current` shows the network the timestep of the state it is given, `next` that
 *   of the state the step leads to. A clean picture off the grid is shown as timestep 0, the nearest one.
 * @param stride  diffusers' step length, for its DDIM and PNDM only
 */
export function encodingPath(
  schedule: NoiseSchedule,
  timesteps: readonly number[],
  conditioningTimestep: ConditioningTimestep,
  stride?: number,
): PathStep[] {
  return intervals(schedule, timesteps, stride).map(([from, to]) => ({
    from,
    to,
    conditioningTimestep: conditioningTimestep === 'next' ? to.timestep : Math.max(0, from.timestep),
  }))
}

/**
 * Returns the path from tau_S down to the clean picture, one step per timestep. The network is always shown
 * the timestep that the step starts from.
 */
export function decodingPath(
  schedule: NoiseSchedule,
  timesteps: readonly number[],
  stride?: number,
): PathStep[] {
  const descending = intervals(schedule, timesteps, stride).reverse()
  // diffusers may end with a step from the clean picture to itself; the last step that does anything is then
  // the one before it.
  const last = descending.findLastIndex(([to, from]) => to.timestep !== from.timestep)
  return descending.map(([to, from], index) => ({
    from,
    to,
    conditioningTimestep: from.timestep,
    isLast: index >= last,
  }))
}
