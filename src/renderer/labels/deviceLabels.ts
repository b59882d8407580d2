import { formatMilliseconds } from '#core/format/quantities'
import { devices, precisionNames, type DeviceReport, type Precision } from '#shared/devices'
import type { ComputeInfo } from '#shared/reports'

/** The precisions that the user can choose from. */
export const precisionLabels: Readonly<Record<Precision, string>> = {
  fp32: 'fp32, exact',
  tf32: 'TF32, rounded, NVIDIA GPUs only',
  fp16: 'fp16, rounded, half the memory',
}

/** Describes a checked device in one line: what it is and how fast, or why it can't be used. */
export function describeDevice(report: DeviceReport): string {
  if (!report.proved) return [report.reason, report.remedy].filter(Boolean).join(' ')
  const { provider, device, precision } = report
  const milliseconds = formatMilliseconds(report.milliseconds!)
  const name = [devices[provider].name, device, precisionNames[precision]].filter(Boolean).join(', ')
  if (provider === 'cpu') return `${name}: ${milliseconds}`
  return `${name}: ${milliseconds}, the CPU ${formatMilliseconds(report.cpuMilliseconds!)}; error ${report.deviation!.toExponential(0)}`
}

/**
 * Describes what computes, in a few words for a badge: the device, or that it is not the requested one.
 *
 * @param secondsPerEvaluation  for one picture; null if not measured
 */
export function badgeOf(compute: ComputeInfo, secondsPerEvaluation: number | null = null): string {
  const { asked, provider, askedPrecision, precision, parts, device, runtime } = compute
  if (asked !== 'auto' && asked !== provider) return `instead of ${devices[asked].name}`
  if (parts > 1) return 'half a batch at a time'
  const exactly = precisionNames[precision]
  if (askedPrecision !== precision) return `${exactly} instead of ${precisionNames[askedPrecision]}`
  const pace = secondsPerEvaluation !== null && formatMilliseconds(1000 * secondsPerEvaluation)
  return [device ?? runtime, provider !== 'cpu' && exactly, pace].filter(Boolean).join(' · ')
}

/**
 * Describes what computes in full, as names and values. Unknown values are left out.
 *
 * @param secondsPerEvaluation  for one picture; null if not measured
 */
export function computeRows(
  { provider, device, precision, runtime, threads }: ComputeInfo,
  secondsPerEvaluation: number | null,
): { name: string; value: string }[] {
  const rows: [string, string | null][] = [
    [devices[provider].noun, device],
    ['Precision', precisionNames[precision]],
    ['Threads', provider === 'cpu' ? String(threads) : null],
    ['Runtime', runtime],
    [
      'One evaluation',
      secondsPerEvaluation === null ? null : formatMilliseconds(1000 * secondsPerEvaluation),
    ],
  ]
  return rows.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))
}

/** Explains why this device is used: what the others lack, or who chose it. */
export function whyDevice({ asked, provider, precision, reason }: ComputeInfo): string {
  if (reason !== null) return reason
  if (asked !== 'auto') return 'Chosen in Settings.'
  if (provider === 'cpu') return 'Chosen automatically: there is no other device to try on this computer.'
  const agreement = precision === 'fp32' ? 'match the CPU’s' : 'are close to the CPU’s'
  return `Chosen automatically: its results ${agreement}, and it is the fastest that was found.`
}
