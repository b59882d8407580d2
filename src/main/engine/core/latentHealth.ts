import type { LatentHealth } from '#shared/reports'
import type { Tensor } from './tensor'

/**
 * Measures how much a latent looks like a draw from N(0, I). All values count alike, except that neighbours are
 * compared within their channel, against that channel's own mean and variance.
 *
 * A constant latent has no shape to speak of: its kurtosis is given as 0 and its neighbour correlation as 1.
 *
 * @param x  [N, C, H, W]
 */
export function measureHealth(x: Tensor): LatentHealth {
  const mean = meanOf(x.data)
  const variance = centralMoment(x.data, mean, 2)
  return {
    mean,
    std: Math.sqrt(variance),
    normRatio: Math.sqrt(variance + mean * mean),
    kurtosis: variance === 0 ? 0 : centralMoment(x.data, mean, 4) / variance ** 2 - 3,
    neighbourCorrelation: neighbourCorrelation(x),
  }
}

/** Mean of values, summed in float64. */
export function meanOf(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/** Mean of (value - mean)^order, summed in float64; order 2 is the variance. */
export function centralMoment(values: Float32Array, mean: number, order: number): number {
  let sum = 0
  for (const value of values) sum += (value - mean) ** order
  return sum / values.length
}

/** Correlation at a distance of one, averaged over channels and both axes. */
function neighbourCorrelation({ data, shape }: Tensor): number {
  const [count, channels, height, width] = shape
  const planes = count * channels
  const size = height * width
  let sum = 0
  for (let plane = 0; plane < planes; plane++) {
    const values = data.subarray(plane * size, (plane + 1) * size)
    sum += (lagCorrelation(values, width, height, 1, 0) + lagCorrelation(values, width, height, 0, 1)) / 2
  }
  return sum / planes
}

/** Correlation of the values of one channel with those `right` and `down` of them. */
function lagCorrelation(
  values: Float32Array,
  width: number,
  height: number,
  right: number,
  down: number,
): number {
  const mean = meanOf(values)
  const variance = centralMoment(values, mean, 2)
  if (variance === 0) return 1
  let sum = 0
  let pairs = 0
  for (let y = 0; y + down < height; y++) {
    for (let x = 0; x + right < width; x++) {
      const value = values[y * width + x]
      const neighbour = values[(y + down) * width + x + right]
      sum += (value - mean) * (neighbour - mean)
      pairs++
    }
  }
  return pairs === 0 ? 0 : sum / pairs / variance
}
