/** How well a picture will come back, foretold while it was encoded. */
export interface RoundTripForecast {
  /** Expected mean squared error on [0, 1]: mostly right to a factor of three. */
  readonly mse: number
  /** So many steps each way should hold 40 dB; null where those that were taken should. */
  readonly enoughSteps: number | null
}

/** PSNR in dB from which on people hardly see the difference. */
export const goodPsnr = 40

/** The mean squared error that this is. */
const goodError = 10 ** (-goodPsnr / 10)

/** One picture in ten comes back with more than 2.6 times the expected error; hardly any with more than this many times. */
const margin = 4

/** A solver of second order: the error of a trajectory falls with S^2, its square with the fourth power. */
const powerOfSteps = 4

/**
 * What to tell of an expected error: how many steps would bring it to {@link goodPsnr} with a margin, in fives. Null where
 * none is known, as of solvers that do not tell and of very short trajectories.
 *
 * @param mse  on [0, 1]
 * @param steps  how many were taken each way
 */
export function forecastRoundTrip(mse: number | undefined, steps: number): RoundTripForecast | null {
  if (mse === undefined) return null
  const excess = (margin * mse) / goodError
  if (excess <= 1) return { mse, enoughSteps: null }
  return { mse, enoughSteps: 5 * Math.ceil((steps * excess ** (1 / powerOfSteps)) / 5) }
}

/**
 * The warning for a picture that needs more steps, in one sentence; null where none is due: nothing is known, the steps
 * that were taken should do, or the measured fidelity says that they did.
 *
 * @param psnr  of the reconstruction, in dB; null where it was not measured
 */
export function warnOfFewSteps(forecast: RoundTripForecast | null, psnr: number | null): string | null {
  if (!forecast?.enoughSteps || (psnr !== null && psnr >= goodPsnr)) return null
  return `This picture needs more steps: ${forecast.enoughSteps} should hold ${goodPsnr} dB.`
}
