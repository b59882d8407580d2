import type { NoiseSchedule } from '#core/diffusion/noiseSchedule'
import { createGaussian } from '#core/random/gaussian'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import { createTensor, type Tensor } from '#core/diffusion/tensor'

/** Data whose score is known: a mixture of equal, isotropic Gaussians around some pictures. */
export interface Mixture {
  /** [K, C, H, W] on [-1, 1]. */
  readonly means: Tensor
  readonly deviation: number
}

/**
 * The noise that a perfect network would predict. With a and s for signal and noise, p_t is the mixture of
 * N(a mean_k, v I), v = a^2 deviation^2 + s^2, and
 *
 *     epsilon(x, t) = -s grad log p_t(x) = s (x - a sum_k w_k(x) mean_k) / v,
 *
 * where w_k is the share of component k at x.
 */
export function mixtureEpsilon({ means, deviation }: Mixture, { levels }: NoiseSchedule): PredictEpsilon {
  const [components, ...item] = means.shape
  const size = item.reduce((product, side) => product * side, 1)
  const logShares = new Float64Array(components)
  const mean = new Float64Array(size)
  return async (x, timestep, out = createTensor(x.shape)) => {
    const { signal, noise } = levels[timestep]
    const variance = signal ** 2 * deviation ** 2 + noise ** 2
    const scale = noise / variance
    for (let begin = 0; begin < x.data.length; begin += size) {
      const point = x.data.subarray(begin, begin + size)
      expectedMean(point, means.data, signal, variance, logShares, mean)
      for (let i = 0; i < size; i++) out.data[begin + i] = scale * (point[i] - signal * mean[i])
    }
    return out
  }
}

/** Writes sum_k w_k(x) mean_k into `mean`. */
function expectedMean(
  point: Float32Array,
  means: Float32Array,
  signal: number,
  variance: number,
  logShares: Float64Array,
  mean: Float64Array,
): void {
  const size = point.length
  for (let k = 0; k < logShares.length; k++) {
    let distance = 0
    for (let i = 0; i < size; i++) distance += (point[i] - signal * means[k * size + i]) ** 2
    logShares[k] = -distance / (2 * variance)
  }
  // Shares are computed relative to the largest: far from all components, each of them underflows.
  const largest = Math.max(...logShares)
  const total = logShares.reduce((sum, share) => sum + Math.exp(share - largest), 0)
  mean.fill(0)
  for (let k = 0; k < logShares.length; k++) {
    const share = Math.exp(logShares[k] - largest) / total
    if (share === 0) continue
    for (let i = 0; i < size; i++) mean[i] += share * means[k * size + i]
  }
}

/** Draws from the mixture, one around each component; the same in every run. */
export function drawFromMixture({ means, deviation }: Mixture): Tensor {
  const draws = createTensor(means.shape)
  createGaussian(0).fill(draws.data)
  for (let i = 0; i < draws.data.length; i++) draws.data[i] = means.data[i] + deviation * draws.data[i]
  return draws
}
