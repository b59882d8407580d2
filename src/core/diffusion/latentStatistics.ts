import type { Tensor } from './tensor'

/** How closely a latent resembles a draw from N(0, I), which mixing and decoding assume it to be. */
export interface LatentStatistics {
  mean: number
  /** Standard deviation; 1 for a Gaussian draw. */
  std: number
  /** L2 norm over sqrt(d); 1 for a Gaussian draw. */
  normRatio: number
  /** Excess kurtosis; 0 for a Gaussian draw. */
  kurtosis: number
  /** Mean correlation of horizontally and vertically neighbouring values; 0 for a Gaussian draw. */
  neighbourCorrelation: number
}

/**
 * Measures how closely a latent resembles a draw from N(0, I). All values count alike, except that neighbours
 * are compared within their channel, relative to that channel's own mean and variance.
 *
 * For a constant latent, kurtosis and neighbour correlation are undefined; they are reported as 0 and 1.
 *
 * @param x  [N, C, H, W]
 */
export function measureLatentStatistics(x: Tensor): LatentStatistics {
  const { mean, variance, fourth } = centralMoments(x.data)
  return {
    mean,
    std: Math.sqrt(variance),
    normRatio: Math.sqrt(variance + mean * mean),
    kurtosis: variance === 0 ? 0 : fourth / variance ** 2 - 3,
    neighbourCorrelation: neighbourCorrelation(x),
  }
}

/**
 * Where the mean standard deviation of the x_T of several pictures lies if their encoding reaches Gaussian noise:
 * within 3 % of 1. What a single latent may differ by is measured for each model.
 */
export const noiseStd = { low: 0.97, high: 1.03 } as const

/** Mean and standard deviation of one channel. */
export interface ChannelStatistics {
  mean: number
  std: number
}

/**
 * Returns the mean and standard deviation of each channel. The channels of an autoencoder's code differ in
 * meaning, and a fault in one would be lost in the average of all.
 *
 * @param x  [1, C, H, W]
 */
export function measureChannels({ data, shape: [, channels] }: Tensor): ChannelStatistics[] {
  const size = data.length / channels
  return Array.from({ length: channels }, (_, c) => {
    const { mean, variance } = centralMoments(data.subarray(c * size, (c + 1) * size))
    return { mean, std: Math.sqrt(variance) }
  })
}

/** Returns the mean and the second and fourth central moments of values, summed in float64. */
export function centralMoments(values: Float32Array): { mean: number; variance: number; fourth: number } {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / values.length
  let squares = 0
  let fourthPowers = 0
  for (const value of values) {
    const square = (value - mean) * (value - mean)
    squares += square
    fourthPowers += square * square
  }
  return { mean, variance: squares / values.length, fourth: fourthPowers / values.length }
}

/** Returns the correlation at a distance of one, averaged over channels and both axes. */
function neighbourCorrelation({ data, shape }: Tensor): number {
  const [count, channels, height, width] = shape
  const planes = count * channels
  const size = height * width
  let sum = 0
  for (let plane = 0; plane < planes; plane++) {
    const values = data.subarray(plane * size, (plane + 1) * size)
    sum += (shiftedCorrelation(values, width, 1, 0) + shiftedCorrelation(values, width, 0, 1)) / 2
  }
  return sum / planes
}

/**
 * Returns the correlation of one channel's values with those `right` and `down` of them; 1 for a constant
 * channel, 0 if there are no pairs.
 */
function shiftedCorrelation(values: Float32Array, width: number, right: number, down: number): number {
  const { mean, variance } = centralMoments(values)
  if (variance === 0) return 1
  const height = values.length / width
  let sum = 0
  for (let y = 0; y + down < height; y++) {
    for (let x = 0; x + right < width; x++) {
      const at = y * width + x
      sum += (values[at] - mean) * (values[at + down * width + right] - mean)
    }
  }
  const pairs = (width - right) * (height - down)
  return pairs === 0 ? 0 : sum / pairs / variance
}
