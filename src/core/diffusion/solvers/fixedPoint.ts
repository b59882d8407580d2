import { isNoisier } from '../noiseLevel'
import type { PredictEpsilon } from '../prediction'
import { ddimStep } from '../step'
import { createTensor, itemOf, type Tensor } from '../tensor'
import type { Solver } from './solver'

/** Sweeps after the explicit step. More rarely pay off: if three do not converge, the steps are too long. */
const sweeps = 3

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2
  return sum
}

/** The progress of one item of the batch within a step. */
interface Progress {
  residual: number
  diverged: boolean
}

/**
 * Fixed-point inversion (Pan et al. 2023, AIDI; Meiri et al. 2023): an encoding step is the DDIM step that
 * decoding will undo, which is the implicit equation
 *
 *     xBarTo = xBar + (sigmaTo - sigma) epsilon(x_to, tTo)
 *
 * solved by sweeps that start from the explicit step. Each item is monitored separately: if its residual
 * grows from one sweep to the next, the iteration diverges, and that item takes the explicit step instead,
 * counted in `fallbacks`. Decoding is DDIM. First order; 1 + 3 evaluations per step to encode, 1 to decode.
 */
export function fixedPoint(predictEpsilon: PredictEpsilon): Solver {
  let explicitEpsilon: Tensor | undefined
  let sweptEpsilon: Tensor | undefined
  let explicit: Tensor | undefined
  let candidate: Tensor | undefined
  let fallbacks = 0
  // A trajectory has one direction, but on diffusers' timesteps a decoding step may lead to where it starts.
  let isDecoding = false

  /** Accepts the candidate item by item, or reverts to the explicit step if the residual grew. */
  function accept(state: Tensor, items: Progress[]): void {
    for (const [index, item] of items.entries()) {
      if (item.diverged) continue
      const target = itemOf(state, index).data
      const residual = squaredDistance(itemOf(candidate!, index).data, target)
      item.diverged = !(residual <= item.residual)
      item.residual = residual
      if (item.diverged) fallbacks++
      target.set(itemOf(item.diverged ? explicit! : candidate!, index).data)
    }
  }

  return {
    get fallbacks() {
      return fallbacks
    },
    async advance(x, step, out) {
      explicitEpsilon = await predictEpsilon(x, step.conditioningTimestep, explicitEpsilon)
      ddimStep(x, [{ weight: 1, tensor: explicitEpsilon }], step, out)
      isDecoding ||= isNoisier(step.from, step.to)
      if (isDecoding) return explicitEpsilon

      explicit ??= createTensor(x.shape)
      candidate ??= createTensor(x.shape)
      explicit.data.set(out.data)
      const items = Array.from({ length: x.shape[0] }, () => ({ residual: Infinity, diverged: false }))
      for (let sweep = 0; sweep < sweeps; sweep++) {
        sweptEpsilon = await predictEpsilon(out, step.to.timestep, sweptEpsilon)
        ddimStep(x, [{ weight: 1, tensor: sweptEpsilon }], step, candidate)
        accept(out, items)
      }
      return explicitEpsilon
    },
  }
}
