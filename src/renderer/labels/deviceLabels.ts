import { formatMilliseconds } from '#core/format/quantities'
import { devices, precisionNames, type DeviceReport, type Precision } from '#shared/devices'
import type { ComputeInfo } from '#shared/reports'

/** The precisions that a person can choose from. */
export const precisionLabels: Readonly<Record<Precision, string>> = {
  fp32: 'fp32, exact',
  tf32: 'TF32, rounded, NVIDIA GPUs only',
  fp16: 'fp16, rounded, half the memory',
}

/** A checked device in one line: what it is and how fast, or why it can't be used. */
export function describeDevice(report: DeviceReport): string {
  if (!report.proved) return [report.reason, report.remedy].filter(Boolean).join(' ')
  const { provider, device, precision } = report
  const milliseconds = formatMilliseconds(report.milliseconds!)
  const name = [devices[provider].name, device, precisionNames[precision]].filter(Boolean).join(', ')
  if (provider === 'cpu') return `${name}: ${milliseconds}`
  return `${name}: ${milliseconds}, the CPU ${formatMilliseconds(report.cpuMilliseconds!)}; error ${report.deviation!.toExponential(0)}`
}

/**
 * What computes, short enough for a badge: the device, or that it is not the requested one.
 *
 * @param secondsPerEvaluation  of one picture; null where it was not measured
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

/** What computes and why, in full. */
export function describeCompute({
  provider,
  device,
  precision,
  runtime,
  threads,
  reason,
}: ComputeInfo): string {
  const by = provider === 'cpu' && `${threads} ${threads === 1 ? 'thread' : 'threads'}`
  const what = [devices[provider].name, device, runtime, precisionNames[precision], by]
    .filter(Boolean)
    .join(' · ')
  return [what, reason].filter(Boolean).join('\n')
}
