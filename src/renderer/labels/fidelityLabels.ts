import { formatPsnr, formatSigned } from '#core/format/quantities'
import type { Fidelity } from '#core/diffusion/fidelity'
import type { LatentStatistics } from '#core/diffusion/latentStatistics'

/** Grades that colour a PSNR. */
export type Grade = 'good' | 'fair' | 'poor'

/** How accurate a reconstruction is, as the end of a sentence. */
export function reconstructionLabel({ psnr }: Fidelity): string {
  return Number.isFinite(psnr) ? `reconstructed at ${formatPsnr(psnr)}` : 'reconstructed exactly'
}

/** From 35 dB on, differences are hard to see side by side; below 25 dB they are plain. */
export function gradeOf(psnr: number): Grade {
  if (psnr >= 35) return 'good'
  return psnr >= 25 ? 'fair' : 'poor'
}

/** What the PSNR of a reconstruction means to the eye; `repaired`: its latent was shifted and scaled to N(0, 1). */
export function describeFidelity({ psnr }: Fidelity, repaired = false): string {
  if (!Number.isFinite(psnr)) return 'Identical, pixel by pixel'
  if (psnr >= 45) return 'No visible difference'
  if (psnr >= 35) return 'Very accurate: differences need a close look'
  if (psnr >= 30) return 'Good: fine detail is slightly off'
  if (psnr >= 25) return 'Fair: detail is visibly softer'
  return repaired ? 'Poor: the repair changed the picture' : 'Poor: use more steps or a better solver'
}

/** The statistics of a latent, each with the value that a Gaussian draw would have. */
export function statisticsRows(health: LatentStatistics): { name: string; value: string; ideal: string }[] {
  return [
    { name: 'Mean', value: formatSigned(health.mean), ideal: '0' },
    { name: 'Standard deviation', value: health.std.toFixed(3), ideal: '1' },
    { name: 'Norm / √d', value: health.normRatio.toFixed(3), ideal: '1' },
    { name: 'Excess kurtosis', value: formatSigned(health.kurtosis), ideal: '0' },
    { name: 'Neighbour correlation', value: formatSigned(health.neighbourCorrelation), ideal: '0' },
  ]
}
