import { createGaussian } from '../gaussian'
import { linearCombination } from '../linearCombination'
import type { PredictEpsilon } from '../prediction'
import { stepCoefficients, stochasticityOfLast, type Stochasticity } from '../step'
import { createTensor, type Tensor } from '../tensor'
import type { Solver } from './solver'

/** How random the steps are, and the seed of their noise. */
export interface Noise extends Stochasticity {
  readonly seed: number
}

/** The same draw for each item: its frame must not depend on the batch it is computed in. */
function repeat(item: Float32Array, batch: Float32Array): void {
  for (let offset = 0; offset < batch.length; offset += item.length) batch.set(item, offset)
}

/**
 * DDIM (Song et al. 2021): eq. 12 with epsilon held constant over the step. With `eta` 0 it is the Euler method on the
 * ODE of eq. 14, first order, and runs both ways; with noise it only decodes. One evaluation a step.
 *
 * Noise is drawn once a step for a single item [C, H, W] and given to every item of the batch, in order of the steps:
 * a seed means one path of noise, which frames of one animation share.
 */
export function ddim(
  predictEpsilon: PredictEpsilon,
  noise: Noise = { eta: 0, sigmaHat: false, seed: 0 },
): Solver {
  const gaussian = createGaussian(noise.seed)
  let epsilon: Tensor | undefined
  let z: Tensor | undefined

  function drawNoise(shape: readonly number[]): Tensor {
    z ??= createTensor(shape)
    const item = z.data.subarray(0, z.data.length / shape[0])
    gaussian.fill(item)
    repeat(item, z.data)
    return z
  }

  return {
    async advance(x, step, out) {
      epsilon = await predictEpsilon(x, step.label, epsilon)
      const stochasticity = step.isLast ? stochasticityOfLast(noise) : noise
      const coefficients = stepCoefficients(step.from, step.to, stochasticity)
      if (coefficients.noise === 0) {
        linearCombination([coefficients.x, coefficients.epsilon], [x, epsilon], out)
      } else {
        linearCombination(
          [coefficients.x, coefficients.epsilon, coefficients.noise],
          [x, epsilon, drawNoise(x.shape)],
          out,
        )
      }
      return epsilon
    },
  }
}
