import { linearCombination } from '../linearCombination'
import type { Point } from '../path'
import { predictX0, type PredictEpsilon } from '../prediction'
import { ddimStep } from '../step'
import type { Tensor } from '../tensor'
import { dataCoefficients } from './dataCoefficients'
import { float32Coefficients } from './float32Coefficients'
import type { Solver } from './solver'
import type { SolverOptions } from './solverRow'

/** With fewer steps than this, diffusers takes the last one without the correction (`lower_order_final`). */
const leastStepsCorrectedToTheLast = 15

/**
 * DPM-Solver++(2M) (Lu et al. 2022, algorithm 2): second order in lambda like {@link twoM}, except that the
 * predicted x0 is extrapolated linearly and held constant over the step. With signal a and noise s of a
 * level:
 *
 *     x_to = (sTo / s) x + (aTo - a sTo / s) D,   D = x0 + w (x0 - x0Before),
 *     w = (lambdaTo - lambda) / (2 (lambda - lambdaBefore))
 *
 * Without the correction (w = 0) this is the DDIM step, which is also used from and to a clean picture off
 * the grid, where lambda is infinite. One evaluation per step.
 *
 * As in diffusers, the coefficients are float32, and the last of fewer than 15 steps is a DDIM step as well.
 */
export function dpmSolverPlusPlus2M(
  predictEpsilon: PredictEpsilon,
  { steps, asDiffusers }: Pick<SolverOptions, 'steps' | 'asDiffusers'>,
): Solver {
  const coefficientsOf = asDiffusers ? float32Coefficients : dataCoefficients
  const lastIsPlain = asDiffusers && steps < leastStepsCorrectedToTheLast
  let taken = 0
  let epsilon: Tensor | undefined
  let before: { x0: Tensor; point: Point } | undefined
  let spare: Tensor | undefined

  return {
    async advance(x, step, out) {
      const { from, to } = step
      epsilon = await predictEpsilon(x, step.conditioningTimestep, epsilon)
      const x0 = predictX0(x, epsilon, from, spare)
      if (from.noise === 0 || to.noise === 0) {
        ddimStep(x, [{ weight: 1, tensor: epsilon }], step, out)
      } else {
        const isPlain = lastIsPlain && taken === steps - 1
        const weights = coefficientsOf(from, to, isPlain ? undefined : before?.point)
        linearCombination([weights.x, weights.epsilon, weights.x0Before], [x, epsilon, before?.x0 ?? x0], out)
      }
      spare = before?.x0
      before = { x0, point: from }
      taken++
      return epsilon
    },
  }
}
