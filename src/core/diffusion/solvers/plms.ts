import type { PathStep, Point } from '../path'
import type { PredictEpsilon } from '../prediction'
import { ddimStep } from '../step'
import { createTensor, type Tensor } from '../tensor'
import type { Solver } from './solver'
import type { SolverOptions } from './solverRow'

/** Adams-Bashforth weights of orders 1 to 4, newest value first. */
const adamsBashforth: Record<number, readonly number[]> = {
  1: [1],
  2: [3 / 2, -1 / 2],
  3: [23 / 12, -16 / 12, 5 / 12],
  4: [55 / 24, -59 / 24, 37 / 24, -9 / 24],
}

/** A step that was taken. */
interface Taken {
  readonly x: Tensor
  readonly step: PathStep
}

/**
 * PLMS, the pseudo linear multistep method of PNDM (Liu et al. 2022), as diffusers runs it without
 * Runge-Kutta steps: a Heun step, then Adams-Bashforth of increasing order, up to four, on the latest values
 * of epsilon.
 *
 *     epsilon' = (55 epsilon_n - 59 epsilon_n-1 + 37 epsilon_n-2 - 9 epsilon_n-3) / 24, used in the DDIM step
 *
 * The first step is corrected when the second one begins: epsilon is evaluated where that one starts, and the
 * first step is taken again with the mean of both, moved so that it ends there. Mostly it ended there anyway.
 * On `trailing` and `linspace` it need not have, because diffusers' steps have a length of their own.
 *
 * The weights are those of equal steps in t, so it suits diffusers' timesteps and is here for compatibility
 * with them, for networks that predict epsilon: of others, diffusers averages what they say, before it is converted
 * to epsilon. diffusers has no inverse of it: encoding follows the same rule upwards. S + 1 evaluations, but
 * one for a single step, which no second one corrects.
 */
export function plms(predictEpsilon: PredictEpsilon, { pointAt }: Pick<SolverOptions, 'pointAt'>): Solver {
  /** The first step, until it is corrected. */
  let first: Taken | undefined
  /** Newest first. Of the first step it holds the epsilon at the start, without the correction. */
  let history: Tensor[] = []

  /** Takes the first step again: `x` is where it led, and `to` where it was to end. */
  async function correct({ x: start, step }: Taken, x: Tensor, to: Point) {
    const epsilon = await predictEpsilon(x, to.timestep)
    const from = pointAt(step.from.timestep + to.timestep - step.to.timestep)
    const mean = [history[0], epsilon].map((tensor) => ({ weight: 0.5, tensor }))
    return { epsilon, x: ddimStep(start, mean, { from, to }, createTensor(x.shape)) }
  }

  return {
    async advance(x, step, out) {
      const correction = first && (await correct(first, x, step.from))
      first = history.length === 0 ? { x, step } : undefined
      const start = correction?.x ?? x
      const spare = history.length === 4 ? history.pop() : undefined
      history = [await predictEpsilon(start, step.conditioningTimestep, spare), ...history]
      const weights = adamsBashforth[history.length]
      ddimStep(
        start,
        history.map((tensor, index) => ({ weight: weights[index], tensor })),
        step,
        out,
      )
      return correction?.epsilon ?? history[0]
    },
  }
}
