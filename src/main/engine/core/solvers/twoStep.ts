import type { PredictEpsilon } from '../prediction'
import { transfer } from '../step'
import type { Tensor } from '../tensor'
import type { Rule } from './rule'

/**
 * Weight w of the second-order correction, epsilon + w (epsilon - epsilonBefore): half the step to come over the step
 * before, measured in the coordinate along which epsilon is taken to be straight. 0, which leaves the first-order
 * step, where the coordinate is infinite: lambda is, at the clean picture.
 */
export function extrapolationWeight(before: number, from: number, to: number): number {
  const weight = (to - from) / (2 * (from - before))
  return Number.isFinite(weight) ? weight : 0
}

/**
 * The two-step Adams-Bashforth frame for steps of any length: epsilon is continued along the straight line through the
 * values at this state and the one before, up to the middle of the step. The first step, with nothing before it, is
 * DDIM's. Second order for one evaluation a step.
 *
 * @param coordinateOf  coordinate of an alphaBar in which epsilon is nearly straight
 */
export function twoStep(predictEpsilon: PredictEpsilon, coordinateOf: (alphaBar: number) => number): Rule {
  let current: Tensor | undefined
  let before: { epsilon: Tensor; coordinate: number } | undefined
  let spare: Tensor | undefined

  return {
    async advance(x, step, out) {
      current = await predictEpsilon(x, step.label, spare)
      const from = coordinateOf(step.from.alphaBar)
      const weight = before ? extrapolationWeight(before.coordinate, from, coordinateOf(step.to.alphaBar)) : 0
      const epsilons = [{ weight: 1 + weight, tensor: current }]
      if (before && weight !== 0) epsilons.push({ weight: -weight, tensor: before.epsilon })
      transfer(x, epsilons, step, out)
      spare = before?.epsilon
      before = { epsilon: current, coordinate: from }
      return current
    },
  }
}
