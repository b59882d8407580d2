import type { PathStep, Point } from '../path'
import type { PredictEpsilon } from '../prediction'
import { stepCoefficients } from '../step'
import { createTensor, type Tensor } from '../tensor'
import type { Solver } from './solver'

/**
 * States are whole multiples of this, about 1/2000 of an 8-bit level, so that float32 adds them without
 * rounding as long as they stay below 2^24 multiples, which is 64: far beyond any state of a diffusion model.
 */
const quantum = 2 ** -18

/** Adding and subtracting this rounds a float64 to whole quanta, ties to even, and so v and -v alike. */
const roundingShift = 1.5 * 2 ** 52 * quantum

function toGrid(value: number): number {
  return value + roundingShift - roundingShift
}

/** A state that the trajectory has passed through. */
export interface Visited {
  readonly x: Tensor
  readonly point: Point
}

/** Computes out = before + (the DDIM step of x to `to` minus that to the point of `before`, rounded to the grid). */
function leap(
  before: Visited,
  { x, epsilon }: { readonly x: Tensor; readonly epsilon: Tensor },
  { from, to }: PathStep,
  out: Tensor,
): void {
  const ahead = stepCoefficients(from, to)
  const behind = stepCoefficients(from, before.point)
  const a = ahead.x - behind.x
  const b = ahead.epsilon - behind.epsilon
  const base = before.x.data
  for (let i = 0; i < base.length; i++) {
    out.data[i] = base[i] + toGrid(a * x.data[i] + b * epsilon.data[i])
  }
}

/**
 * Leapfrog, which is BDIA with gamma = 1 (Zhang et al. 2023, "Exact diffusion inversion via bi-directional
 * integration approximation"): the next state is the previous one plus the difference between the DDIM steps
 * from the current state to both.
 *
 *     x_next = x_before + DDIM(x -> tNext) - DDIM(x -> tBefore)
 *
 * Read backwards it is the same equation, so decoding retraces encoding whatever the network predicts, as
 * long as it predicts the same again. A latent is therefore the pair of the last two states. Sums are
 * computed on a grid on which float32 adds exactly, so decoding returns exactly, to the bit, the picture
 * rounded to that grid. Second order, one evaluation per step; the first step is a DDIM step. Small errors in
 * the latent grow while decoding, so this solver is for exact reconstruction rather than for mixing.
 *
 * @param before  the state before the one the trajectory starts from, if the pair is known
 */
export function leapfrog(predictEpsilon: PredictEpsilon, before?: Visited): Solver {
  let epsilon: Tensor | undefined
  let previous = before

  return {
    get previousState() {
      return previous && { x: previous.x, timestep: previous.point.timestep }
    },
    async advance(x, step, out) {
      epsilon = await predictEpsilon(x, step.conditioningTimestep, epsilon)
      const onGrid = previous ? x : createTensor(x.shape, x.data.map(toGrid))
      const current = { x: onGrid, point: step.from }
      leap(previous ?? current, { x, epsilon }, step, out)
      previous = current
      return epsilon
    },
  }
}
