import { ssim } from './ssim'
import type { Tensor } from './tensor'

/** How far a reconstruction is from its source. Both on [0, 1]. */
export interface Fidelity {
  /** Mean squared error on [0, 1], as in Table 2 of the paper. */
  mse: number
  /** Peak signal-to-noise ratio in dB; Infinity for equal pictures, which JSON writes as null (null: identical). */
  psnr: number
  /** Structural similarity, 11x11 Gaussian window of sigma 1.5 (Wang et al. 2004), mean over pixels and channels. */
  ssim: number
}

/** Where the error of a reconstruction comes from in latent diffusion. Errors of two causes: they need not add up. */
export interface FidelityParts {
  /** What the autoencoder alone makes of the picture, against the picture. No inversion can do better than that. */
  autoencoder: Fidelity
  /** The reconstruction against what the autoencoder alone makes of the picture. */
  inversion: Fidelity
}

/**
 * How far a reconstruction is from its source, measured on what people see: both are clamped to the model's range
 * [-1, 1] and moved to [0, 1] first. A network's answer may overshoot that range; a screen cannot show it.
 *
 * @param source  [N, C, H, W] on [-1, 1]
 * @param reconstruction  of the same shape
 * @throws RangeError when the shapes differ
 */
export function measureFidelity(source: Tensor, reconstruction: Tensor): Fidelity {
  if (source.shape.join() !== reconstruction.shape.join()) {
    const [a, b] = [source.shape.join(', '), reconstruction.shape.join(', ')]
    throw new RangeError(`Only pictures of one shape can be compared, not [${a}] with [${b}].`)
  }
  const [seen, expected] = [toUnitRange(reconstruction), toUnitRange(source)]
  const mse = meanSquaredError(expected, seen)
  return { mse, psnr: psnrOf(mse), ssim: ssim(expected, seen, source.shape) }
}

/**
 * Tells the two causes of a reconstruction's error apart.
 *
 * @param autoencoded  the picture encoded to its state and decoded at once
 * @throws RangeError when the shapes differ
 */
export function measureFidelityParts(
  source: Tensor,
  autoencoded: Tensor,
  reconstruction: Tensor,
): FidelityParts {
  return {
    autoencoder: measureFidelity(source, autoencoded),
    inversion: measureFidelity(autoencoded, reconstruction),
  }
}

function toUnitRange({ data }: Tensor): Float64Array {
  return new Float64Array(data).map((value) => (Math.min(1, Math.max(-1, value)) + 1) / 2)
}

function meanSquaredError(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2
  return sum / a.length
}

/**
 * Peak signal-to-noise ratio in dB of a mean squared error on [0, 1], where the peak is 1; Infinity for no error.
 */
export function psnrOf(mse: number): number {
  return -10 * Math.log10(mse)
}
