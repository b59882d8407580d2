import type { ConditioningTimestep } from '#shared/settings'
import type { Timesteps } from './timestepSpacing'
import { cleanTimestep, type NoiseSchedule } from './noiseSchedule'

/** A place on the noise scale. */
export interface Point {
  readonly timestep: number
  readonly alphaBar: number
}

/** One stretch of a trajectory. Towards more noise it encodes, towards less it decodes; no rule asks which. */
export interface PathStep {
  readonly from: Point
  readonly to: Point
  /** The timestep that the network is shown beside the state at `from`. */
  readonly label: number
  /** Set where no later step of a decoding path takes noise away: what this one adds stays in the picture. */
  readonly isLast?: boolean
}

/** The point of a timestep; anything before 0 is the clean picture. */
function pointAt(schedule: NoiseSchedule, timestep: number): Point {
  if (timestep >= 0) return { timestep, alphaBar: schedule.alphasCumprod[timestep] }
  return { timestep: cleanTimestep(schedule), alphaBar: schedule.finalAlphaBar }
}

/** Neighbouring places of a trajectory, the less noisy one first. */
type Interval = readonly [low: Point, high: Point]

/**
 * One interval a node, ascending. `stride` is that of diffusers' DDIM, which goes this many timesteps down from a node
 * whatever the next node is; without it each interval begins where the one before ended.
 */
function intervals(schedule: NoiseSchedule, nodes: Timesteps, stride: number | undefined): Interval[] {
  return nodes.timesteps.map((timestep, index) => {
    const below = stride === undefined ? (nodes.timesteps[index - 1] ?? -1) : timestep - stride
    return [pointAt(schedule, below), pointAt(schedule, timestep)]
  })
}

/**
 * The way from the clean picture up to tau_S, one step a node.
 *
 * @param label  `source` shows the network the timestep of the state it is given, `destination` the one the step leads
 *   to. A clean picture off the grid is shown as timestep 0, the nearest there is.
 * @param stride  diffusers' step length, for its DDIM only
 */
export function encodingPath(
  schedule: NoiseSchedule,
  nodes: Timesteps,
  label: ConditioningTimestep,
  stride?: number,
): PathStep[] {
  return intervals(schedule, nodes, stride).map(([from, to]) => ({
    from,
    to,
    label: label === 'destination' ? to.timestep : Math.max(0, from.timestep),
  }))
}

/** The way from tau_S down to the clean picture, one step a node; every state is shown with its own timestep. */
export function decodingPath(schedule: NoiseSchedule, nodes: Timesteps, stride?: number): PathStep[] {
  const descending = intervals(schedule, nodes, stride).reverse()
  // diffusers may end with a step from the clean picture to itself; the last that does anything is then one before.
  const last = descending.findLastIndex(([to, from]) => to.alphaBar !== from.alphaBar)
  return descending.map(([to, from], index) => ({
    from,
    to,
    label: from.timestep,
    isLast: index >= last,
  }))
}
