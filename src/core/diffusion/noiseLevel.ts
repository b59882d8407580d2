/**
 * How much of a state is picture and how much is noise: x_t = signal x0 + noise epsilon.
 *
 * Variance preserving schedules have signal^2 + noise^2 = 1 (the paper's sqrt(alpha_t) and
 * sqrt(1 - alpha_t)), and flow matching has signal = 1 - noise (Lipman et al. 2023). No supported family has
 * signal = 1, as EDM and variance exploding schedules do (Karras et al. 2022), but solvers take it. The clean
 * picture has noise 0 and pure noise has signal 0, so code must not divide by a part that can be 0.
 */
export interface NoiseLevel {
  readonly signal: number
  readonly noise: number
}

/** The level of the clean picture, whatever the schedule. */
export const cleanLevel: NoiseLevel = { signal: 1, noise: 0 }

/** Returns the level of a variance preserving schedule: signal^2 = alphaBar, noise^2 = 1 - alphaBar. */
export function variancePreserving(alphaBar: number): NoiseLevel {
  return { signal: Math.sqrt(alphaBar), noise: Math.sqrt(1 - alphaBar) }
}

/** Returns whether a level is one of a variance preserving schedule. */
export function isVariancePreserving({ signal, noise }: NoiseLevel): boolean {
  return Math.abs(signal ** 2 + noise ** 2 - 1) < 1e-9
}

/** Returns the level of flow matching at a noise in [0, 1]: a straight line from picture to noise. */
export function flowMatching(noise: number): NoiseLevel {
  return { signal: 1 - noise, noise }
}

/**
 * Returns alphaBar of the variance preserving level that has the same sigma. For a level computed from a
 * float32 alphaBar, it is exactly that number.
 */
export function alphaBarOf({ signal, noise }: NoiseLevel): number {
  return Math.fround(signal ** 2 / (signal ** 2 + noise ** 2))
}

/**
 * Returns noise over signal, the time variable of the ODE (paper, eq. 14): 0 at the clean picture, Infinity
 * if no signal is left.
 */
export function sigmaOf({ signal, noise }: NoiseLevel): number {
  return signal === 0 ? Infinity : noise / signal
}

/** Returns half the log signal-to-noise ratio, lambda = -ln sigma. Infinity at the clean picture. */
export function lambdaOf(level: NoiseLevel): number {
  return -Math.log(sigmaOf(level))
}

/** Returns whether one level has more noise, relative to its signal, than another. */
export function isNoisier(level: NoiseLevel, other: NoiseLevel): boolean {
  return sigmaOf(level) > sigmaOf(other)
}
