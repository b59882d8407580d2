import { linearCombination } from '../linearCombination'
import { lambdaOf } from '../noiseSchedule'
import type { PathStep } from '../path'
import { predictX0, type PredictEpsilon } from '../prediction'
import { transfer } from '../step'
import type { Tensor } from '../tensor'
import type { Rule } from './rule'
import { extrapolationWeight } from './twoStep'

/**
 * DPM-Solver++(2M) (Lu et al. 2022, algorithm 2): second order in lambda like {@link twoM}, but it is the predicted x0
 * that is continued as a straight line, and held over the step. With a = sqrt(alphaBar), s = sqrt(1 - alphaBar):
 *
 *     x_to = (sTo / s) x + (aTo - a sTo / s) D,   D = x0 + w (x0 - x0Before),  w = (lambdaTo - lambda) / (2 (lambda - lambdaBefore))
 *
 * Without a correction (w = 0) this is the DDIM step, which is also how it leaves and reaches the clean picture, where
 * lambda is infinite. One evaluation a step.
 */
export function dpmSolverPlusPlus2M(predictEpsilon: PredictEpsilon): Rule {
  let epsilon: Tensor | undefined
  let before: { x0: Tensor; lambda: number } | undefined
  let spare: Tensor | undefined

  return {
    async advance(x, step, out) {
      epsilon = await predictEpsilon(x, step.label, epsilon)
      const lambda = lambdaOf(step.from.alphaBar)
      const x0 = predictX0(x, epsilon, step.from.alphaBar, spare)
      const weight = before ? extrapolationWeight(before.lambda, lambda, lambdaOf(step.to.alphaBar)) : 0
      if (before && weight !== 0) carry(x, x0, before.x0, weight, step, out)
      else transfer(x, [{ weight: 1, tensor: epsilon }], step, out)
      spare = before?.x0
      before = { x0, lambda }
      return epsilon
    },
  }
}

function carry(x: Tensor, x0: Tensor, x0Before: Tensor, weight: number, { from, to }: PathStep, out: Tensor) {
  const ratio = Math.sqrt((1 - to.alphaBar) / (1 - from.alphaBar))
  const gain = Math.sqrt(to.alphaBar) - Math.sqrt(from.alphaBar) * ratio
  linearCombination([ratio, gain * (1 + weight), -gain * weight], [x, x0, x0Before], out)
}
