/** A point of the chart, both coordinates on [0, 1], y pointing down. */
export interface ChartPoint {
  x: number
  y: number
}

/** Returns the log-SNR in decibels, which is the height of the curve: 10 log10(ab / (1 - ab)). */
export function signalToNoise(alphaCumprod: number): number {
  return 10 * Math.log10(alphaCumprod / (1 - alphaCumprod))
}

/**
 * Returns the noise schedule as a curve: log-SNR over the training timesteps.
 *
 * @param timesteps  the timesteps to return as points
 */
export function schedulePoints(alphasCumprod: readonly number[], timesteps: readonly number[]): ChartPoint[] {
  const top = signalToNoise(alphasCumprod[0])
  const bottom = signalToNoise(alphasCumprod[alphasCumprod.length - 1])
  return timesteps
    .filter((timestep) => timestep >= 0 && timestep < alphasCumprod.length)
    .map((timestep) => ({
      x: timestep / (alphasCumprod.length - 1),
      y: (top - signalToNoise(alphasCumprod[timestep])) / (top - bottom),
    }))
}

/** Returns timesteps close enough for a smooth curve. */
export function curveTimesteps(count: number): number[] {
  const points = Math.min(count, 120)
  return Array.from({ length: points }, (_unused, at) => Math.round((at * (count - 1)) / (points - 1)))
}
