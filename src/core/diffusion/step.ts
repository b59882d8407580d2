import { DomainError } from '../DomainError'
import { linearCombination } from './linearCombination'
import { isNoisier, type NoiseLevel } from './noiseLevel'
import type { Tensor } from './tensor'

/** The coefficients of x_to = x * x_from + epsilon * epsilon_theta + noise * z, z from N(0, I). */
export interface StepCoefficients {
  readonly x: number
  readonly epsilon: number
  readonly noise: number
}

/**
 * How random a step is: `eta` 0 is DDIM, 1 is DDPM (paper, eq. 16); `sigmaHat` is the larger noise of
 * appendix D.3, which the last step to a picture omits: see {@link stochasticityOfLast}.
 */
export interface Stochasticity {
  readonly eta: number
  readonly sigmaHat: boolean
}

/**
 * Returns the generalised step, eq. 12 of the paper, as coefficients of x, epsilon and noise. With signal a
 * and noise s:
 *
 *     x_to = aTo x0 + sqrt(sTo^2 - sigma^2) epsilon + sigma z,   x0 = (x - sFrom epsilon) / aFrom
 *     sigma(eta) = eta (sTo / sFrom) jump,   jump^2 = sFrom^2 - (aFrom / aTo)^2 sTo^2           (eq. 16)
 *
 * jump is the noise that one step of the forward process adds: sqrt(1 - alphaFrom / alphaTo) in the paper's
 * notation. With `sigmaHat`, the direction to x_t is that of eta = 1 and the noise is jump, whatever eta is.
 * Both kinds of noise are defined only towards less noise; without them the step is the same in both
 * directions.
 *
 * @throws DomainError  when noise is requested on a step towards more noise, and when `from` has no signal
 */
export function stepCoefficients(
  from: NoiseLevel,
  to: NoiseLevel,
  { eta, sigmaHat }: Stochasticity = { eta: 0, sigmaHat: false },
): StepCoefficients {
  if (from.signal === 0) throw new DomainError('A state of pure noise, without any signal, leads nowhere.')
  const scale = to.signal / from.signal
  const randomness = sigmaHat ? 1 : eta
  if (randomness === 0) return { x: scale, epsilon: to.noise - scale * from.noise, noise: 0 }
  if (isNoisier(to, from)) {
    throw new DomainError(`eta ${eta} on a step towards more noise: encoding is deterministic.`)
  }
  const jump = Math.sqrt(from.noise ** 2 - (to.noise / scale) ** 2)
  const sigma = (randomness * to.noise * jump) / from.noise
  return {
    x: scale,
    epsilon: Math.sqrt(to.noise ** 2 - sigma ** 2) - scale * from.noise,
    noise: sigmaHat ? jump : sigma,
  }
}

/** Returns whether steps draw noise at all. */
export function drawsNoise({ eta, sigmaHat }: Stochasticity): boolean {
  return eta > 0 || sigmaHat
}

/**
 * Returns the stochasticity of the last step to a picture: with `sigmaHat`, as in the code of Ho et al., it
 * adds no more noise than eta = 1 does, which is none at the clean picture.
 */
export function stochasticityOfLast({ eta, sigmaHat }: Stochasticity): Stochasticity {
  return { eta: sigmaHat ? 1 : eta, sigmaHat: false }
}

/**
 * Carries a state along the ODE d xBar / d sigma = epsilon (paper, eq. 14) with epsilon held constant: the
 * DDIM step, and the basis of every solver that only improves the epsilon. epsilon is given as a weighted sum
 * of tensors, so that the whole step is rounded once.
 */
export function ddimStep(
  x: Tensor,
  epsilons: readonly { readonly weight: number; readonly tensor: Tensor }[],
  { from, to }: { readonly from: NoiseLevel; readonly to: NoiseLevel },
  out: Tensor,
): Tensor {
  const coefficients = stepCoefficients(from, to)
  return linearCombination(
    [coefficients.x, ...epsilons.map(({ weight }) => weight * coefficients.epsilon)],
    [x, ...epsilons.map(({ tensor }) => tensor)],
    out,
  )
}
