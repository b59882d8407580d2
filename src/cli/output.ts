import { basename, parse } from 'node:path'
import { devices, precisionNames } from '#shared/devices'
import { warnOfRoundTrip } from '#core/diffusion/roundTripForecast'
import type { ComputeInfo, ExportReport, LatentReport } from '#shared/reports'
import type { Fidelity, FidelityParts } from '#core/diffusion/fidelity'
import { fitFileName } from '#files/fileName'
import { formatBytes, formatDuration, formatPsnr, formatStatistic } from '#core/format/quantities'

/** A file name after the source: "photos/apple.webp" becomes "apple" + `suffix` in the current folder. */
export function defaultName(source: string, suffix: string): string {
  return fitFileName(withoutEnding(basename(source)), suffix)
}

/** Returns a file name without its last ending. */
export function withoutEnding(name: string): string {
  return parse(name).name
}

/** Describes a latent: its source, how accurate its reconstruction is, and how well it will mix. */
export function describeLatentReport(report: LatentReport): string {
  const { fidelity, fidelityParts, encodeWarning, health, advice } = report
  const warning = warnOfRoundTrip(report)
  const channels = fidelityParts
    ? ` (channels ${report.channels.map((one) => formatStatistic(one.std, 2)).join(', ')})`
    : ''
  return `${nameLatent(report)}: ${fidelity ? `${describeFidelity(fidelity)}${describeParts(fidelityParts)}; ` : ''}x_T mean ${formatStatistic(health.mean)}, std ${formatStatistic(health.std)}${channels}, neighbour correlation ${health.neighbourCorrelation.toFixed(3)}. ${[advice.sentence, warning, encodeWarning].filter(Boolean).join(' ')}`
}

function nameLatent({ source, seed, mixedFrom, movedFrom }: LatentReport): string {
  const own = nameOrigin({ source, seed })
  if (own !== null) return own
  if (movedFrom) return `moved from ${nameOrigin(movedFrom) ?? 'another latent'}`
  return mixedFrom ? 'mix' : 'latent file'
}

function nameOrigin({ source, seed }: Pick<LatentReport, 'source' | 'seed'>): string | null {
  return source?.name ?? (seed === null ? null : `seed ${seed}`)
}

/** Describes the device and runtime that did the computing. */
export function describeCompute({ provider, device, precision, runtime, threads }: ComputeInfo): string {
  const card = device === null ? '' : `, ${device}`
  const exactly = precisionNames[precision]
  const how = provider === 'cpu' ? `${threads} ${threads === 1 ? 'thread' : 'threads'}` : exactly
  return `${devices[provider].name}${card} (${runtime}, ${how})`
}

function describeFidelity({ psnr, ssim, mse }: Fidelity): string {
  if (!Number.isFinite(psnr)) return 'reconstructed exactly'
  return `reconstructed with PSNR ${psnr.toFixed(1)} dB, SSIM ${ssim.toFixed(4)}, MSE ${mse.toExponential(1)}`
}

function describeParts(parts: FidelityParts | null): string {
  if (parts === null) return ''
  const { autoencoder, inversion } = parts
  return ` (the autoencoder alone ${formatPsnr(autoencoder.psnr)}, inversion ${formatPsnr(inversion.psnr)})`
}

/** Describes an export for people. */
export function describeExport({ stops, ...report }: ExportReport): string[] {
  const resumed = report.resumedFrames > 0 ? `, ${report.resumedFrames} of them from an interrupted run` : ''
  return [
    ...describeStops(stops),
    `${report.path}: ${countOf(report.frames)} of ${report.width}×${report.height}${resumed}, ${formatBytes(report.bytes)}`,
    `${formatDuration(report.seconds)}${describeMaking(report)}`,
  ]
}

/** Describes stops. Equal ones, and those derived from one latent, as by a walk, are described once. */
function describeStops(stops: readonly LatentReport[]): string[] {
  const counts = new Map<string, { text: string; count: number }>()
  for (const stop of stops) {
    const text = describeLatentReport(stop)
    const key = keyOfStop(stop) ?? text
    counts.set(key, { text: counts.get(key)?.text ?? text, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  return [...counts.values()].map(({ text, count }) =>
    count === 1 ? text : `${text} (the first of ${count} such stops)`,
  )
}

/**
 * Returns a key that is equal for stops moved from one latent with the same advice and warning; null for any other
 * stop, and if that latent has no name.
 */
function keyOfStop({ movedFrom, advice, encodeWarning }: LatentReport): string | null {
  if (!movedFrom || (movedFrom.source === null && movedFrom.seed === null)) return null
  return JSON.stringify([movedFrom, advice.level, encodeWarning])
}

/** Describes the device that computed the frames of an export, as text that follows the time taken. */
export function describeMaking({
  compute,
  framesFromProject: brought,
}: Pick<ExportReport, 'compute' | 'framesFromProject'>): string {
  if (compute === null) return ', all frames from the project'
  const rest = brought === 0 ? '' : `, ${countOf(brought)} from the project`
  return ` on ${describeCompute(compute)}${rest}`
}

function countOf(frames: number): string {
  return frames === 1 ? '1 frame' : `${frames} frames`
}
