import { alphaBarOf, isVariancePreserving, type NoiseLevel } from '../noiseLevel'
import { asDataCoefficients, dataCoefficients, type DataCoefficients } from './dataCoefficients'

const round = Math.fround

/**
 * Derives a variance preserving level from sigma as diffusers does, which rounds sigma and everything after it to
 * float32.
 */
function roundedLevel(level: NoiseLevel): NoiseLevel & { readonly lambda: number } {
  const alphaBar = alphaBarOf(level)
  const sigma = round(Math.sqrt(round(round(1 - alphaBar) / alphaBar)))
  const signal = round(1 / round(Math.sqrt(round(round(sigma * sigma) + 1))))
  const noise = round(sigma * signal)
  return { signal, noise, lambda: round(round(Math.log(signal)) - round(Math.log(noise))) }
}

/**
 * Returns the coefficients of diffusers' DPM-Solver, operation by operation in its order. If a step starts at
 * low noise, float32 leaves an error of about 1e-5 in them, so code that matches diffusers to 1e-6 must have
 * the same error. That order is for variance preserving levels; others get {@link dataCoefficients}.
 */
export function float32Coefficients(from: NoiseLevel, to: NoiseLevel, before?: NoiseLevel): DataCoefficients {
  if (!isVariancePreserving(from) || !isVariancePreserving(to)) return dataCoefficients(from, to, before)
  const start = roundedLevel(from)
  const end = roundedLevel(to)
  const h = round(end.lambda - start.lambda)
  const ratio = round(end.noise / start.noise)
  const gain = -round(end.signal * round(round(Math.exp(-h)) - 1))
  const r = before ? round(round(start.lambda - roundedLevel(before).lambda) / h) : Infinity
  // After a step from the picture to itself, which is timestep 0, there is nothing to extrapolate from.
  const weight = r === 0 ? 0 : 0.5 * round(1 / r)
  return asDataCoefficients(start, { ratio, gain, weight })
}
