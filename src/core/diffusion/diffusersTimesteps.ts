import type { NoiseSchedule } from './noiseSchedule'
import type { SpacingRequest } from './timestepSpacings/timestepSpacingRow'

/**
 * Everything here exists to give the numbers that diffusers gives, and has no other reason. Its schedulers differ from
 * the paper in four ways:
 *
 * 1. their `timestep_spacing` rules, {@link diffusersTimesteps};
 * 2. a step of DDIM or PNDM leads from t to t - floor(T / S) whether or not that is the next timestep visited: see
 *    {@link diffusersStride}. For `leading` it is, for `linspace` hardly ever, and the network is then shown a
 *    timestep that the state is not at;
 * 3. the inverse of DDIM shows the network the timestep that the step leads to: the conditioning timestep `next`;
 * 4. DPM-Solver keeps its coefficients in float32: see solvers/float32Coefficients.ts.
 *
 * All four come with the timestep spacings of diffusers, and only with the solvers that diffusers has.
 */
export type DiffusersSpacing = 'leading' | 'trailing' | 'linspace'

/** NumPy's rounding: halves go to the even neighbour. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** How far one step of diffusers' DDIM or PNDM goes, in timesteps, whatever the next timestep visited is. */
export function diffusersStride({ numTrainTimesteps }: NoiseSchedule, steps: number): number {
  return Math.floor(numTrainTimesteps / steps)
}

/**
 * The timesteps of diffusers' schedulers, ascending. DPM-Solver lays out one more and leaves the first, 0, to the
 * clean picture.
 *
 * @throws RangeError  when `steps_offset` pushes the last beyond T-1
 */
export function diffusersTimesteps(
  spacing: DiffusersSpacing,
  { schedule: { numTrainTimesteps, stepsOffset }, steps, diffusersLayout }: SpacingRequest,
): number[] {
  const skipped = diffusersLayout === 'extraTimestep' ? 1 : 0
  const laidOut = steps + skipped
  const timestepAt: Record<DiffusersSpacing, (index: number) => number> = {
    leading: (index) => (index + skipped) * Math.floor(numTrainTimesteps / laidOut) + stepsOffset,
    trailing: (index) =>
      roundHalfEven(numTrainTimesteps - (steps - 1 - index) * (numTrainTimesteps / steps)) - 1,
    linspace: (index) =>
      laidOut === 1 ? 0 : roundHalfEven((index + skipped) * ((numTrainTimesteps - 1) / (laidOut - 1))),
  }
  const timesteps = Array.from({ length: steps }, (_, index) => timestepAt[spacing](index))
  const last = timesteps[steps - 1]
  if (last >= numTrainTimesteps) {
    throw new RangeError(
      `${steps} leading steps with steps_offset ${stepsOffset} end at timestep ${last}, beyond ${numTrainTimesteps - 1}: take fewer.`,
    )
  }
  return timesteps
}
