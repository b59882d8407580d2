import type { Point } from '../path'
import type { PredictEpsilon } from '../prediction'
import { stepCoefficients } from '../step'
import { createTensor, type Tensor } from '../tensor'
import type { Solver } from './solver'

/**
 * States are whole multiples of this, so that float32 adds them without rounding as long as they stay below
 * 2^24 of them, 64: far beyond any state of a diffusion model, and a hundredth of an 8-bit level fine.
 */
const quantum = 2 ** -18

/** Adding and subtracting this rounds a float64 to whole quanta, halves to even: alike for v and -v. */
const roundingShift = 1.5 * 2 ** 52 * quantum

function toGrid(value: number): number {
  return value + roundingShift - roundingShift
}

/** A state the trajectory has been at. */
export interface Visited {
  readonly x: Tensor
  readonly point: Point
}

/** out = base + the DDIM step of x to `to` minus that to `back`, rounded to the grid. */
function leap(
  base: Float32Array,
  x: Tensor,
  epsilon: Tensor,
  from: Point,
  to: Point,
  back: Point,
  out: Tensor,
) {
  const ahead = stepCoefficients(from, to)
  const behind = stepCoefficients(from, back)
  const a = ahead.x - behind.x
  const b = ahead.epsilon - behind.epsilon
  for (let i = 0; i < base.length; i++) {
    out.data[i] = base[i] + toGrid(a * x.data[i] + b * epsilon.data[i])
  }
}

/**
 * Leapfrog, which is BDIA with gamma = 1 (Zhang et al. 2023, "Exact diffusion inversion via bi-directional
 * integration approximation"): the state after next is the state before, moved by what DDIM from the middle
 * state makes of both.
 *
 *     x_next = x_before + DDIM(x -> tNext) - DDIM(x -> tBefore)
 *
 * Read backwards it is the same equation, so decoding retraces encoding whatever the network answers, as long as it
 * answers the same again: a latent is the pair of the two last states. Sums are made on a grid on which float32 adds
 * exactly, so the way back is exact to the bit, from the picture rounded to that grid. Second order, one evaluation a
 * step; the first step is DDIM's. Small errors in the latent grow on the way back: it is the solver for exact
 * reconstruction rather than for mixing.
 *
 * @param before  the state before the one the trajectory starts from, when the pair is known
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
      if (previous) {
        leap(previous.x.data, x, epsilon, step.from, step.to, previous.point, out)
        previous = { x, point: step.from }
      } else {
        const start = createTensor(x.shape, x.data.map(toGrid))
        leap(start.data, x, epsilon, step.from, step.to, step.from, out)
        previous = { x: start, point: step.from }
      }
      return epsilon
    },
  }
}
