import { formatPsnr, formatSigned, formatStatistic } from '#core/format/quantities'
import type { Fidelity, FidelityParts } from '#core/diffusion/fidelity'
import { findPictureChange, type PictureChange, type RoundTripSettings } from '#core/diffusion/pictureChange'
import { warnOfRoundTrip, type RoundTripForecast } from '#core/diffusion/roundTripForecast'
import { solverOf } from '#core/diffusion/solvers/registry'
import { presetFor } from '#shared/presets'
import type { ChannelStatistics, LatentStatistics } from '#core/diffusion/latentStatistics'

/** Grades that set the colour of a PSNR. */
export type Grade = 'good' | 'fair' | 'poor'

/** Says how accurate a reconstruction is, for the end of a sentence. */
export function reconstructionLabel({ psnr }: Fidelity): string {
  return Number.isFinite(psnr) ? `reconstructed at ${formatPsnr(psnr)}` : 'reconstructed exactly'
}

/** From 35 dB, differences are hard to see side by side; below 25 dB they are obvious. */
export function gradeOf(psnr: number): Grade {
  if (psnr >= 35) return 'good'
  return psnr >= 25 ? 'fair' : 'poor'
}

/** From this many dB, the autoencoder's error hides that of the inversion. */
const autoencoderMargin = 3

/** Whether the autoencoder, not the inversion, limits the accuracy of a reconstruction. */
function isLimitedByAutoencoder({ autoencoder, inversion }: FidelityParts): boolean {
  return inversion.psnr >= autoencoder.psnr + autoencoderMargin
}

/** The preset that reconstructs every picture, however badly the model predicts it. */
const { name: exact } = presetFor('pixels', 'exact')

/** Facts that may explain an inaccurate reconstruction. */
interface Reasons extends RoundTripSettings {
  /** Null for a pixel-space model. */
  readonly fidelityParts?: FidelityParts | null
  readonly forecast?: RoundTripForecast | null
}

const changers: Readonly<Record<PictureChange, string>> = {
  prompt: 'the prompt',
  repair: 'the repair',
  noise: 'fresh noise',
  loosening: 'loosening',
  clipping: 'clipping',
  conditioningTimestep: 'encoding with the next timestep',
}

/** Names what changed the picture other than the number of steps; null if nothing did. */
function findCause(reasons: Reasons): string | null {
  const change = findPictureChange(reasons)
  return change && `${changers[change]} changes the picture`
}

/**
 * Suggests a remedy for a poor reconstruction that only the number of steps can explain. The warning of the round
 * trip, which is shown beside this, names a better one if there is a forecast.
 */
function suggestRemedy(fidelity: Fidelity, { encode, forecast = null }: Reasons): string {
  if (warnOfRoundTrip({ fidelity, forecast, encode: encode ?? null })) return 'the difference is obvious'
  return encode && solverOf(encode.solver).isPair
    ? 'encode and decode with the same settings'
    : `try more steps or the ${exact} preset`
}

/** Describes how visible the error of a reconstruction with this PSNR is. */
export function describeFidelity(fidelity: Fidelity, reasons: Reasons = {}): string {
  const { psnr } = fidelity
  const { fidelityParts } = reasons
  if (!Number.isFinite(psnr)) return 'Identical, pixel by pixel'
  if (psnr >= 45) return 'No visible difference'
  if (psnr >= 35) return 'Very accurate: differences need a close look'
  if (fidelityParts && isLimitedByAutoencoder(fidelityParts)) return 'As accurate as the autoencoder allows'
  const cause = findCause(reasons)
  if (psnr >= 30) return `Good: ${cause ?? 'fine detail is slightly off'}`
  if (psnr >= 25) return `Fair: ${cause ?? 'detail is visibly softer'}`
  return `Poor: ${cause ?? suggestRemedy(fidelity, reasons)}`
}

/** Says where the error of a reconstruction comes from. */
export function describeParts({ autoencoder, inversion }: FidelityParts): string {
  const [alone, inverted] = [autoencoder, inversion].map(({ psnr }) =>
    formatPsnr(psnr).replace(' ', '\u00a0'),
  )
  return `Autoencoder alone ${alone}, inversion ${inverted}`
}

/** Describes the distribution of each channel of a latent in one line. */
export function describeChannels(channels: readonly ChannelStatistics[]): string {
  const each = channels.map(({ mean, std }) => `${formatSigned(mean)}\u00a0±\u00a0${formatStatistic(std, 2)}`)
  return `Mean ± standard deviation of each channel: ${each.join(', ')}`
}

/** The statistics of a latent, each with its expected value for a Gaussian draw. */
export function statisticsRows(health: LatentStatistics): { name: string; value: string; ideal: string }[] {
  return [
    { name: 'Mean', value: formatSigned(health.mean), ideal: '0' },
    { name: 'Standard deviation', value: formatStatistic(health.std), ideal: '1' },
    { name: 'Norm / √d', value: formatStatistic(health.normRatio), ideal: '1' },
    { name: 'Excess kurtosis', value: formatSigned(health.kurtosis), ideal: '0' },
    { name: 'Neighbour correlation', value: formatSigned(health.neighbourCorrelation), ideal: '0' },
  ]
}
