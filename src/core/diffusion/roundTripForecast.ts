/** A forecast, made while encoding, of how well a picture will be reconstructed. */
export interface RoundTripForecast {
  /** Expected mean squared error on [0, 1], usually right to within a factor of three. */
  readonly mse: number
  /** Number of steps each way that should reach 40 dB; null if the steps taken should already. */
  readonly enoughSteps: number | null
  /** Set if the schedule has not that many steps. */
  readonly outOfReach?: true | undefined
}

/** PSNR in dB from which people hardly see a difference. */
const goodPsnr = 40

/** The mean squared error of {@link goodPsnr}. */
const goodError = 10 ** (-goodPsnr / 10)

/** One picture in ten has more than 2.6 times the expected error; hardly any has more than this factor. */
const margin = 4

/** For a second-order solver, the error of a trajectory falls with S^2 and its square with S^4. */
const powerOfSteps = 4

/**
 * Returns the forecast for an expected error: how many steps, rounded up to a multiple of five, would bring
 * it to {@link goodPsnr} with a margin. Null if no error is known, as with solvers that do not estimate it
 * and with very short trajectories.
 *
 * @param mse  on [0, 1]
 * @param steps  number of steps taken each way
 * @param most  the largest number of steps on this schedule
 */
export function forecastRoundTrip(
  mse: number | undefined,
  steps: number,
  most: number,
): RoundTripForecast | null {
  if (mse === undefined) return null
  const excess = (margin * mse) / goodError
  if (excess <= 1) return { mse, enoughSteps: null }
  const enough = Math.ceil(steps * excess ** (1 / powerOfSteps))
  if (enough > most) return { mse, enoughSteps: enough, outOfReach: true }
  return { mse, enoughSteps: Math.min(most, 5 * Math.ceil(enough / 5)) }
}

/**
 * Returns a one-sentence warning for a picture that needs more steps; null if nothing is known, the steps
 * taken should suffice, or the measured fidelity shows that they did.
 *
 * @param psnr  of the reconstruction, in dB; null if not measured
 */
export function warnOfFewSteps(forecast: RoundTripForecast | null, psnr: number | null): string | null {
  if (!forecast?.enoughSteps || (psnr !== null && psnr >= goodPsnr)) return null
  if (forecast.outOfReach)
    return `No number of steps should hold ${goodPsnr} dB for this picture: choose the Exact preset.`
  return `This picture needs more steps: ${forecast.enoughSteps} should hold ${goodPsnr} dB.`
}
