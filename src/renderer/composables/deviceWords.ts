import { providerNames, type DeviceReport } from '#shared/devices'
import type { ComputeInfo } from '#shared/reports'

/** A checked device in one line: what it is and how fast, or why it does not count. */
export function describeDevice(report: DeviceReport): string {
  if (!report.proved) return [report.reason, report.remedy].filter(Boolean).join(' ')
  const name = [providerNames[report.provider], report.device].filter(Boolean).join(', ')
  const milliseconds = `${report.milliseconds!.toPrecision(2)} ms`
  if (report.provider === 'cpu') return `${name}: ${milliseconds}`
  return `${name}: ${milliseconds}, the processor ${report.cpuMilliseconds!.toPrecision(2)} ms`
}

/** What computes, short enough for a badge: the device, or that it is not the one asked for. */
export function badgeOf({ asked, provider, reason, device, runtime }: ComputeInfo): string {
  if (asked !== 'auto' && asked !== provider) return `instead of ${providerNames[asked]}`
  if (provider !== 'cpu' && reason !== null) return 'half of each batch at a time'
  return device ?? runtime
}

/** What computes, and why that, in whole. */
export function describeCompute({
  provider,
  device,
  precision,
  runtime,
  threads,
  reason,
}: ComputeInfo): string {
  const how = provider === 'cpu' ? `${threads} ${threads === 1 ? 'thread' : 'threads'}` : precision
  const what = [providerNames[provider], device, runtime, how].filter(Boolean).join(' · ')
  return [what, reason].filter(Boolean).join('\n')
}
