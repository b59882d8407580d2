import { linearCombination } from './linearCombination'
import type { Point } from './path'
import type { Tensor } from './tensor'

/** x_to = x * x_from + epsilon * epsilon_theta + noise * z, z from N(0, I). */
export interface StepCoefficients {
  readonly x: number
  readonly epsilon: number
  readonly noise: number
}

/**
 * How random a step is: `eta` 0 is DDIM, 1 is DDPM (paper, eq. 16); `sigmaHat` is the larger noise of appendix D.3,
 * which the last step to a picture goes without: see {@link stochasticityOfLast}.
 */
export interface Stochasticity {
  readonly eta: number
  readonly sigmaHat: boolean
}

/**
 * The generalised step, eq. 12 of the paper, as coefficients of x and epsilon:
 *
 *     x_to = sqrt(aTo) x0 + sqrt(1 - aTo - sigma^2) epsilon + sigma z,   x0 = (x - sqrt(1 - aFrom) epsilon) / sqrt(aFrom)
 *     sigma(eta) = eta sqrt((1 - aTo) / (1 - aFrom)) sqrt(1 - aFrom / aTo)                                      (eq. 16)
 *
 * With `sigmaHat` the direction to x_t is that of eta = 1 and the noise is sqrt(1 - aFrom / aTo), whatever eta is. Both
 * are defined towards less noise only; without them the step is the same in both directions.
 *
 * @throws RangeError  when noise is asked for on a step towards more noise
 */
export function stepCoefficients(
  from: Point,
  to: Point,
  { eta, sigmaHat }: Stochasticity = { eta: 0, sigmaHat: false },
): StepCoefficients {
  const scale = Math.sqrt(to.alphaBar / from.alphaBar)
  const fromNoise = Math.sqrt(1 - from.alphaBar)
  const randomness = sigmaHat ? 1 : eta
  if (randomness === 0) {
    return { x: scale, epsilon: Math.sqrt(1 - to.alphaBar) - scale * fromNoise, noise: 0 }
  }
  if (to.alphaBar < from.alphaBar) {
    throw new RangeError(`eta ${eta} on a step towards more noise: encoding is deterministic.`)
  }
  const jump = Math.sqrt(1 - from.alphaBar / to.alphaBar)
  const sigma = randomness * Math.sqrt((1 - to.alphaBar) / (1 - from.alphaBar)) * jump
  return {
    x: scale,
    epsilon: Math.sqrt(1 - to.alphaBar - sigma * sigma) - scale * fromNoise,
    noise: sigmaHat ? jump : sigma,
  }
}

/**
 * That of the last step to a picture: with `sigmaHat`, as in the code of Ho et al., it adds no more noise than eta = 1
 * does, which at alphaBar 1 is none.
 */
export function stochasticityOfLast({ eta, sigmaHat }: Stochasticity): Stochasticity {
  return { eta: sigmaHat ? 1 : eta, sigmaHat: false }
}

/**
 * Carries a state along the ODE d xBar / d sigma = epsilon (paper, eq. 14) with epsilon held constant: the DDIM step,
 * and the frame of every rule that improves on it only by a better epsilon. `epsilon` is given as a sum of tensors, so
 * that the whole step is rounded once.
 */
export function ddimStep(
  x: Tensor,
  epsilons: readonly { readonly weight: number; readonly tensor: Tensor }[],
  { from, to }: { readonly from: Point; readonly to: Point },
  out: Tensor,
): Tensor {
  const coefficients = stepCoefficients(from, to)
  return linearCombination(
    [coefficients.x, ...epsilons.map(({ weight }) => weight * coefficients.epsilon)],
    [x, ...epsilons.map(({ tensor }) => tensor)],
    out,
  )
}
