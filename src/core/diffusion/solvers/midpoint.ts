import type { PredictEpsilon } from '../prediction'
import { ddimStep } from '../step'
import { createTensor, type Tensor } from '../tensor'
import type { Solver } from './solver'
import type { SolverOptions } from './solverRow'

/**
 * The staggered midpoint method: epsilon is always evaluated halfway through a step, at a state reached with
 * the epsilon of the previous step.
 *
 *     xBarMid = xBar + (sigmaMid - sigma) epsilon',   epsilon' <- epsilon(x_mid, tMid),
 *     xBarTo = xBar + (sigmaTo - sigma) epsilon'
 *
 * tMid lies halfway between the timesteps of both ends, usually between two timesteps of the schedule, so the
 * network must accept fractional timesteps. Second order, one evaluation per step plus one to start.
 */
export function midpoint(predictEpsilon: PredictEpsilon, { pointAt }: SolverOptions): Solver {
  let epsilon: Tensor | undefined
  let middle: Tensor | undefined
  return {
    async advance(x, { from, to, conditioningTimestep }, out) {
      epsilon ??= await predictEpsilon(x, conditioningTimestep)
      middle ??= createTensor(x.shape)
      const half = pointAt((from.timestep + to.timestep) / 2)
      ddimStep(x, [{ weight: 1, tensor: epsilon }], { from, to: half }, middle)
      epsilon = await predictEpsilon(middle, Math.max(0, half.timestep), epsilon)
      ddimStep(x, [{ weight: 1, tensor: epsilon }], { from, to }, out)
      return epsilon
    },
  }
}
