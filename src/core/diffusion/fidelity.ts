import { DomainError } from '../DomainError'
import { meanOf } from '../numbers/mean'
import { ssim } from './ssim'
import type { Tensor } from './tensor'

/** How far a reconstruction is from its source, with both on [0, 1]. */
export interface Fidelity {
  /** Mean squared error on [0, 1], as in Table 2 of the paper. */
  mse: number
  /** Peak signal-to-noise ratio in dB; Infinity for identical pictures, which JSON writes as null. */
  psnr: number
  /**
   * Structural similarity, 11x11 Gaussian window of sigma 1.5 (Wang et al. 2004), mean over pixels and
   * channels.
   */
  ssim: number
}

/** The two sources of a reconstruction's error in latent diffusion, which need not add up. */
export interface FidelityParts {
  /** The picture passed through the autoencoder alone, against the picture. No inversion can do better. */
  autoencoder: Fidelity
  /** The reconstruction against the picture passed through the autoencoder alone. */
  inversion: Fidelity
}

/**
 * Measures how far a reconstruction is from its source, as seen on a screen: both are first clamped to the
 * model's range [-1, 1], which a network's output may exceed, and mapped to [0, 1].
 *
 * @param source  [N, C, H, W] on [-1, 1]
 * @param reconstruction  of the same shape
 * @throws DomainError when the shapes differ
 */
export function measureFidelity(source: Tensor, reconstruction: Tensor): Fidelity {
  const [expected, seen] = asSeen(source, reconstruction)
  const mse = meanSquaredError(expected, seen)
  return { mse, psnr: psnrOf(mse), ssim: ssim(expected, seen, source.shape) }
}

/** Returns the `mse` of {@link measureFidelity}, without the much longer work for its SSIM. */
export function measureMse(source: Tensor, reconstruction: Tensor): number {
  return meanSquaredError(...asSeen(source, reconstruction))
}

/**
 * Measures the two sources of a reconstruction's error separately.
 *
 * @param autoencoded  the picture encoded to its state and decoded straight away
 * @throws DomainError when the shapes differ
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

/** Returns the values of two pictures of one shape on [0, 1]. */
function asSeen(a: Tensor, b: Tensor): [Float64Array, Float64Array] {
  if (a.shape.join() !== b.shape.join()) {
    const [one, other] = [a.shape.join(', '), b.shape.join(', ')]
    throw new DomainError(`Only pictures of one shape can be compared, not [${one}] with [${other}].`)
  }
  return [toUnitRange(a), toUnitRange(b)]
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
 * Returns the peak signal-to-noise ratio in dB for a mean squared error on [0, 1], where the peak is 1;
 * Infinity for an error of 0.
 */
export function psnrOf(mse: number): number {
  return -10 * Math.log10(mse)
}

/** The PSNR of several pictures. */
export interface MeanPsnr {
  /** Mean in dB over the pictures that were not reconstructed exactly; Infinity if all were. */
  psnr: number
  /** How many pictures were reconstructed without any error, and so have no finite PSNR. */
  exact: number
}

/** Returns the mean PSNR of pictures with these mean squared errors on [0, 1]. */
export function meanPsnr(mses: readonly number[]): MeanPsnr {
  const inexact = mses.filter((mse) => mse > 0)
  const exact = mses.length - inexact.length
  if (inexact.length === 0) return { psnr: Infinity, exact }
  return { psnr: meanOf(inexact.map(psnrOf)), exact }
}
