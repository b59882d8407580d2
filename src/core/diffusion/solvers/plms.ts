import type { PredictEpsilon } from '../prediction'
import { ddimStep } from '../step'
import type { Tensor } from '../tensor'
import { heun } from './heun'
import type { Solver } from './solver'

/** Adams-Bashforth weights of orders 2 to 4, newest value first. */
const adamsBashforth: Record<number, readonly number[]> = {
  2: [3 / 2, -1 / 2],
  3: [23 / 12, -16 / 12, 5 / 12],
  4: [55 / 24, -59 / 24, 37 / 24, -9 / 24],
}

/**
 * PLMS, the pseudo linear multistep method of PNDM (Liu et al. 2022), as diffusers runs it without
 * Runge-Kutta steps: a Heun step, then Adams-Bashforth of increasing order, up to four, on the latest values
 * of epsilon.
 *
 *     epsilon' = (55 epsilon_n - 59 epsilon_n-1 + 37 epsilon_n-2 - 9 epsilon_n-3) / 24, used in the DDIM step
 *
 * The weights are those of equal steps in t, so it suits diffusers' timesteps and is here for compatibility
 * with them. S + 1 evaluations, but one for a single step to a clean picture off the grid.
 */
export function plms(predictEpsilon: PredictEpsilon): Solver {
  const first = heun(predictEpsilon)
  /** Newest first. Of the first step it holds the epsilon at the start, without the correction. */
  let history: Tensor[] = []
  return {
    async advance(x, step, out) {
      if (history.length === 0) {
        const epsilon = await first.advance(x, step, out)
        history = [epsilon]
        return epsilon
      }
      const spare = history.length === 4 ? history.pop() : undefined
      const epsilon = await predictEpsilon(x, step.conditioningTimestep, spare)
      history.unshift(epsilon)
      const weights = adamsBashforth[history.length]
      ddimStep(
        x,
        history.map((tensor, index) => ({ weight: weights[index], tensor })),
        step,
        out,
      )
      return epsilon
    },
  }
}
