import type { NodeKind } from '#shared/settings'
import type { NoiseSchedule } from './noiseSchedule'

/**
 * Everything here exists to give the numbers that diffusers gives, and has no other reason. Its DDIM differs from the
 * paper in three ways:
 *
 * 1. its `timestep_spacing` rules, {@link diffusersTimesteps};
 * 2. a step from t leads to t - floor(T / S) whether or not that is the next timestep visited: see
 *    {@link diffusersStride}. For `leading` it is, for `linspace` hardly ever, and the state then bears the label of a
 *    timestep it is not at;
 * 3. its inverse shows the network the timestep that the step leads to: the label convention `destination`.
 */
export type DiffusersKind = Extract<NodeKind, 'leading' | 'trailing' | 'linspace'>

/** Whether a kind of nodes is one of diffusers' three. */
export function isDiffusersKind(kind: NodeKind): kind is DiffusersKind {
  return kind === 'leading' || kind === 'trailing' || kind === 'linspace'
}

/** NumPy's rounding: halves go to the even neighbour. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** How far one step of diffusers' DDIM goes, in timesteps. */
export function diffusersStride(schedule: NoiseSchedule, steps: number): number {
  return Math.floor(schedule.numTrainTimesteps / steps)
}

/**
 * The timesteps of diffusers' schedulers, ascending.
 *
 * @throws RangeError  when `steps_offset` pushes the last beyond T-1
 */
export function diffusersTimesteps(schedule: NoiseSchedule, kind: DiffusersKind, steps: number): number[] {
  const { numTrainTimesteps, stepsOffset } = schedule
  const timestepAt: Record<DiffusersKind, (index: number) => number> = {
    leading: (index) => index * diffusersStride(schedule, steps) + stepsOffset,
    trailing: (index) =>
      roundHalfEven(numTrainTimesteps - (steps - 1 - index) * (numTrainTimesteps / steps)) - 1,
    linspace: (index) => (steps === 1 ? 0 : roundHalfEven(index * ((numTrainTimesteps - 1) / (steps - 1)))),
  }
  const timesteps = Array.from({ length: steps }, (_, index) => timestepAt[kind](index))
  if (timesteps[steps - 1] >= numTrainTimesteps) {
    throw new RangeError(
      `${steps} leading steps with steps_offset ${stepsOffset} end at timestep ${timesteps[steps - 1]}, beyond ${numTrainTimesteps - 1}: take fewer.`,
    )
  }
  return timesteps
}
