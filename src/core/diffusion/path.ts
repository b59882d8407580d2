import type { NoiseLevel } from './noiseLevel'
import { cleanTimestep, levelAt, type NoiseSchedule } from './noiseSchedule'

/**
 * Which timestep the network is shown while encoding: the `current` one, of the state it is given, or the `next`, of
 * the state the step leads to, as diffusers' inverse of DDIM has it.
 */
export const conditioningTimesteps = ['current', 'next'] as const
export type ConditioningTimestep = (typeof conditioningTimesteps)[number]

/** A place on the noise scale: a timestep and its level. */
export interface Point extends NoiseLevel {
  readonly timestep: number
}

/** One stretch of a trajectory. Towards more noise it encodes, towards less it decodes; no solver asks which. */
export interface PathStep {
  readonly from: Point
  readonly to: Point
  /** The timestep that the network is shown beside the state at `from`. */
  readonly conditioningTimestep: number
  /** Set where no later step of a decoding path takes noise away: what this one adds stays in the picture. */
  readonly isLast?: boolean
}

/** The point of a timestep, or of a fraction of one; -1 and anything before it is the clean picture. */
export function pointAt(schedule: NoiseSchedule, timestep: number): Point {
  if (timestep > -1) return { timestep, ...levelAt(schedule, timestep) }
  return { timestep: cleanTimestep(schedule), ...schedule.clean }
}

/** Neighbouring places of a trajectory, the less noisy one first. */
type Interval = readonly [low: Point, high: Point]

/**
 * One interval a timestep, ascending. `stride` is that of diffusers' DDIM, which goes this many timesteps down from
 * each whatever the next one is; without it each interval begins where the one before ended.
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
 * The way from the clean picture up to tau_S, one step a timestep.
 *
 * @param conditioningTimestep  `current` shows the network the timestep of the state it is given, `next` the one the step leads
 *   to. A clean picture off the grid is shown as timestep 0, the nearest there is.
 * @param stride  diffusers' step length, for its DDIM only
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

/** The way from tau_S down to the clean picture, one step a timestep; every state is shown with its own timestep. */
export function decodingPath(
  schedule: NoiseSchedule,
  timesteps: readonly number[],
  stride?: number,
): PathStep[] {
  const descending = intervals(schedule, timesteps, stride).reverse()
  // diffusers may end with a step from the clean picture to itself; the last that does anything is then one before.
  const last = descending.findLastIndex(([to, from]) => to.timestep !== from.timestep)
  return descending.map(([to, from], index) => ({
    from,
    to,
    conditioningTimestep: from.timestep,
    isLast: index >= last,
  }))
}
