import { DomainError } from '../../DomainError'
import { createKeyedGaussian } from '../../random/gaussian'
import { linearCombination } from '../linearCombination'
import type { PredictEpsilon } from '../prediction'
import { stepCoefficients, stochasticityOfLast, type Stochasticity } from '../step'
import { createTensor, type Tensor } from '../tensor'
import type { Solver } from './solver'

/** How random the steps are, and where their noise comes from. */
export interface Noise extends Stochasticity {
  readonly seed: number
  /** Noise key of each item of the batch: equal numbers share one noise path, others are independent. */
  readonly items: readonly number[]
}

/** No noise, so nothing to draw. */
const noNoise: Noise = { eta: 0, sigmaHat: false, seed: 0, items: [] }

/** Fills a batch with the noise of one step. An item's noise depends on its own number only. */
function drawNoise({ seed, items }: Noise, step: number, z: Tensor): Tensor {
  const [count] = z.shape
  if (items.length !== count)
    throw new DomainError(`Noise is keyed to ${items.length} items, not to ${count}.`)
  const size = z.data.length / count
  for (let i = 0; i < count; i++) {
    const before = items.indexOf(items[i])
    if (before < i) z.data.copyWithin(i * size, before * size, (before + 1) * size)
    else createKeyedGaussian([seed, items[i], step]).fill(z.data.subarray(i * size, (i + 1) * size))
  }
  return z
}

/**
 * DDIM (Song et al. 2021): eq. 12 with epsilon held constant over the step. With `eta` 0 it is the Euler
 * method on the ODE of eq. 14, first order, and runs in both directions; with noise it only decodes. One
 * evaluation per step.
 *
 * The noise of each step is a separate stream keyed by (seed, item, step), so it is the same in any batch and
 * independent of the x_T that the same seed draws.
 *
 * @throws DomainError  when a step draws noise and `noise.items` does not list one key per item of the batch
 */
export function ddim(predictEpsilon: PredictEpsilon, noise: Noise = noNoise): Solver {
  let epsilon: Tensor | undefined
  let z: Tensor | undefined
  let stepsTaken = 0

  return {
    async advance(x, step, out) {
      epsilon = await predictEpsilon(x, step.conditioningTimestep, epsilon)
      const stochasticity = step.isLast ? stochasticityOfLast(noise) : noise
      const coefficients = stepCoefficients(step.from, step.to, stochasticity)
      const stepNumber = stepsTaken++
      if (coefficients.noise === 0) {
        linearCombination([coefficients.x, coefficients.epsilon], [x, epsilon], out)
      } else {
        z = drawNoise(noise, stepNumber, z ?? createTensor(x.shape))
        linearCombination([coefficients.x, coefficients.epsilon, coefficients.noise], [x, epsilon, z], out)
      }
      return epsilon
    },
  }
}
