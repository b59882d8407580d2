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
export const goodPsnr = 40

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

/** What is known of the round trip of a picture. */
export interface KnownRoundTrip {
  readonly forecast: RoundTripForecast | null
  /** Null if the picture was not decoded back. */
  readonly fidelity: { readonly mse: number; readonly psnr: number } | null
  /** Null for a latent that was not encoded from a picture. */
  readonly encode: { readonly steps: number } | null
}

/** Up to this many times the expected error, a measured one agrees with the forecast. */
const agreement = 5

/** With so many steps, a picture below {@link goodPsnr} is one that further steps need not help. */
const manySteps = 50

const followsNoSteps = 'The steps do not follow this picture’s path: choose the Exact preset.'

/**
 * Returns a one-sentence warning for a picture that will not be reconstructed, or was not, at {@link goodPsnr};
 * null if nothing is known or nothing is wrong.
 *
 * Some pictures lie where the path is so curved that the error does not fall with the number of steps. They are
 * recognised by the measured error: it is far above the expected one, or there were many steps.
 */
export function warnOfRoundTrip({ forecast, fidelity, encode }: KnownRoundTrip): string | null {
  if (forecast === null || (fidelity && fidelity.psnr >= goodPsnr)) return null
  const isLost = fidelity && (fidelity.mse > agreement * forecast.mse || (encode?.steps ?? 0) >= manySteps)
  if (isLost || forecast.outOfReach) return followsNoSteps
  if (forecast.enoughSteps === null) return null
  return `This picture may need more steps: about ${forecast.enoughSteps}.`
}
