/**
 * Everything in this file exists solely to reproduce diffusers' numbers. Its schedulers differ from the paper
 * in five ways:
 *
 * 1. their `timestep_spacing` rules, {@link diffusersTimesteps};
 * 2. a step of DDIM or PNDM goes from t to t - floor(T / S), whether or not that is the next timestep
 *    visited: see {@link diffusersStride}. With `leading` it is; with `linspace` it hardly ever is, and the
 *    network is then shown a timestep that the state is not at. PNDM's correction of its first step follows:
 *    see solvers/plms.ts;
 * 3. the inverse of DDIM shows the network the timestep that the step leads to: the conditioning timestep
 *    `next`;
 * 4. DPM-Solver keeps its coefficients in float32: see solvers/float32Coefficients.ts;
 * 5. DPM-Solver takes the last of fewer than 15 steps without its second-order correction.
 *
 * Differences 1, 2, 4 and 5 apply with diffusers' timestep spacings, all but the first only to the solvers that
 * diffusers has. The third is a setting of its own. Four choices of diffusers' are not followed:
 *
 * - its DPM-Solver ends where its own `final_sigmas_type` says; here every solver ends at the clean picture of the
 *   model's schedule;
 * - of networks that predict v or x0, its inverse of DDIM converts the answer at the level of the state, though the
 *   network was shown the timestep that the step leads to; here it is converted at that timestep's level;
 * - of such networks, its PNDM averages what they say; here, as in the paper, epsilon is averaged;
 * - its DDIM clips x0 and keeps epsilon; here epsilon follows from the clipped x0, as with its
 *   `use_clipped_model_output`.
 */

import { DomainError } from '../DomainError'
import type { NoiseSchedule } from './noiseSchedule'
import { roundHalfToEven } from '../numbers/roundHalfToEven'
import type { SpacingRequest } from './timestepSpacings/timestepSpacingRow'

/** The spacings of timesteps that diffusers has, by its own names. */
export type DiffusersSpacing = 'leading' | 'trailing' | 'linspace'

/** Returns the length in timesteps of a step of diffusers' DDIM or PNDM, whatever timestep comes next. */
export function diffusersStride({ numTrainTimesteps }: NoiseSchedule, steps: number): number {
  return Math.floor(numTrainTimesteps / steps)
}

/**
 * Returns the timesteps of diffusers' schedulers, ascending. With `leading` and `linspace`, DPM-Solver lays
 * out one more and leaves the first to the clean picture; if there are as many steps as training timesteps,
 * some of its timesteps coincide. With `trailing` and some numbers of steps, such as 61 of 1000, rounding makes
 * diffusers add a timestep -1 below all others, which is not followed.
 *
 * @throws DomainError  when `steps_offset` pushes the last timestep beyond T-1
 */
export function diffusersTimesteps(
  spacing: DiffusersSpacing,
  { schedule: { numTrainTimesteps, stepsOffset }, steps, diffusersLayout }: SpacingRequest,
): number[] {
  const skipped = diffusersLayout === 'extraTimestep' ? 1 : 0
  const laidOut = steps + skipped
  // np.arange(T, 0, -T / S) is T + i * delta, with the delta that is left of its first two values after rounding.
  const delta = numTrainTimesteps - numTrainTimesteps / steps - numTrainTimesteps
  const timestepAt: Record<DiffusersSpacing, (index: number) => number> = {
    leading: (index) => (index + skipped) * Math.floor(numTrainTimesteps / laidOut) + stepsOffset,
    trailing: (index) => roundHalfToEven(numTrainTimesteps + (steps - 1 - index) * delta) - 1,
    linspace: (index) =>
      laidOut === 1 ? 0 : roundHalfToEven((index + skipped) * ((numTrainTimesteps - 1) / (laidOut - 1))),
  }
  const timesteps = Array.from({ length: steps }, (_, index) => timestepAt[spacing](index))
  const last = timesteps[steps - 1]
  if (last >= numTrainTimesteps) {
    throw new DomainError(
      `${steps} leading steps with steps_offset ${stepsOffset} end at timestep ${last}, beyond ${numTrainTimesteps - 1}: take fewer.`,
    )
  }
  return timesteps
}
