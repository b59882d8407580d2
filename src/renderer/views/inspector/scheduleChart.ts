/** A point of the chart, both coordinates on [0, 1], y pointing down. */
export interface ChartPoint {
  x: number
  y: number
}

/**
 * Returns the log-SNR in decibels, which is the height of the curve: 10 log10(ab / (1 - ab)). It is infinite
 * where there is no noise (ab = 1) or no signal (ab = 0), as at the last timestep of flow matching.
 */
function signalToNoise(alphaCumprod: number): number {
  return 10 * Math.log10(alphaCumprod / (1 - alphaCumprod))
}

/**
 * Returns the noise schedule as a curve: log-SNR over the training timesteps. The finite values fill the
 * height; infinite ones are at its edges.
 *
 * @param timesteps  the timesteps to return as points
 */
export function schedulePoints(alphasCumprod: readonly number[], timesteps: readonly number[]): ChartPoint[] {
  const finite = alphasCumprod.map(signalToNoise).filter(Number.isFinite)
  const [top, bottom] = [finite[0] ?? 0, finite.at(-1) ?? 0]
  return timesteps
    .filter((timestep) => timestep >= 0 && timestep < alphasCumprod.length)
    .map((timestep) => ({
      x: timestep / Math.max(1, alphasCumprod.length - 1),
      y: heightOf(signalToNoise(alphasCumprod[timestep]), top, bottom),
    }))
}

/** Returns where a value lies between top (0) and bottom (1). */
function heightOf(value: number, top: number, bottom: number): number {
  if (!Number.isFinite(value)) return value > 0 ? 0 : 1
  return top === bottom ? 0.5 : (top - value) / (top - bottom)
}

/** Describes the curve for users who cannot see it: "from 40 decibels to no signal". */
export function scheduleRange(alphasCumprod: readonly number[]): string {
  const [first, last] = [alphasCumprod[0], alphasCumprod[alphasCumprod.length - 1]].map(endWords)
  return `from ${first} to ${last}`
}

function endWords(alphaCumprod: number): string {
  const decibels = signalToNoise(alphaCumprod)
  if (Number.isFinite(decibels)) return `${decibels.toFixed(0)} decibels`
  return decibels > 0 ? 'no noise' : 'no signal'
}

/** Returns timesteps close enough for a smooth curve. */
export function curveTimesteps(count: number): number[] {
  const points = Math.min(count, 120)
  return Array.from({ length: points }, (_unused, at) =>
    Math.round((at * (count - 1)) / Math.max(1, points - 1)),
  )
}
