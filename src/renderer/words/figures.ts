import type { Fidelity, LatentStatistics } from '#shared/reports'

/** Grades that colour a figure. */
export type Grade = 'good' | 'fair' | 'poor'

/** PSNR in dB as people read it; that of equal pictures is no number. */
export function psnrText(psnr: number): string {
  return Number.isFinite(psnr) ? `${psnr.toFixed(1)} dB` : 'identical'
}

/** How truly a picture comes back, as the end of a sentence. */
export function comesBackText({ psnr }: Fidelity): string {
  return `comes back ${Number.isFinite(psnr) ? 'with ' : ''}${psnrText(psnr)}`
}

/** From 35 dB on, differences are hard to see side by side; below 25 dB they are plain. */
export function gradeOf(psnr: number): Grade {
  if (psnr >= 35) return 'good'
  return psnr >= 25 ? 'fair' : 'poor'
}

/** What a round trip's PSNR means to the eye; `repaired` is whether its latent was re-standardised on the way. */
export function fidelityWords({ psnr }: Fidelity, repaired = false): string {
  if (!Number.isFinite(psnr)) return 'Identical, pixel by pixel'
  if (psnr >= 45) return 'No visible difference'
  if (psnr >= 35) return 'Faithful: differences need a close look'
  if (psnr >= 30) return 'Close: fine detail is a little off'
  if (psnr >= 25) return 'Fair: detail is visibly softer'
  return repaired ? 'Poor: the repair changed the picture' : 'Poor: use more steps or a better solver'
}

/** A small number with the digits that matter: 1.9e-5, 0.993, 12.4. */
export function figure(value: number, digits = 3): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size < 1e-3 || size >= 1e5) return value.toExponential(1).replace('e+', 'e')
  return value.toPrecision(digits)
}

/** Seconds as people say them. */
export function durationText(seconds: number): string {
  if (seconds < 1) return '< 1 s'
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`
}

/** A count with its thousands apart: 10 560. */
export function countText(count: number): string {
  return count.toFixed(0).replace(/\B(?=(\d{3})+$)/g, '\u202f')
}

/** Bytes in decimal units. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${units[step]}`
}

/** The figures of a latent's health, each with what a Gaussian draw would have. */
export function healthFigures(health: LatentStatistics): { name: string; value: string; ideal: string }[] {
  return [
    { name: 'Mean', value: signed(health.mean), ideal: '0' },
    { name: 'Standard deviation', value: health.std.toFixed(3), ideal: '1' },
    { name: 'Norm / √d', value: health.normRatio.toFixed(3), ideal: '1' },
    { name: 'Excess kurtosis', value: signed(health.kurtosis), ideal: '0' },
    { name: 'Neighbour correlation', value: signed(health.neighbourCorrelation), ideal: '0' },
  ]
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`
}
