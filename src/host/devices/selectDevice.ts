import { formatMilliseconds } from '#core/format/quantities'
import { cpus } from 'node:os'
import {
  precisionNames,
  devices,
  type DeviceChoice,
  type DeviceReport,
  type Placement,
  type Precision,
  type Provider,
} from '#shared/devices'
import { isOutOfMemory } from '#shared/runtimeWords'

/**
 * Chooses the device in float32: the one asked for if it has passed its probe, with `auto` the fastest that
 * has and is faster than the CPU; otherwise the CPU.
 */
export function choose(asked: DeviceChoice, reports: readonly DeviceReport[]): Placement {
  const usable = reports.filter((report) => report.proved && (asked !== 'auto' || isFaster(report)))
  const [best] = usable.sort((a, b) => a.milliseconds! - b.milliseconds!)
  if (!best) return onCpu(asked, 'fp32', reports.map(whyNot).join(' ') || null)
  const { provider, device, batch, memoryBytes } = best
  const capacity = { batch: batch!, memoryBytes }
  const unchanged = { askedPrecision: 'fp32', precision: 'fp32', parts: 1, reason: null } as const
  return { asked, provider, device, capacity, ...unchanged }
}

/**
 * Places the same device at another precision, if it has passed its probe at that too; otherwise in float32,
 * with the reason.
 *
 * @param report  null if the provider does not support the precision
 */
export function withPrecision(
  placement: Placement,
  askedPrecision: Precision,
  report: DeviceReport | null,
): Placement {
  if (report?.proved) {
    const capacity = { batch: report.batch!, memoryBytes: report.memoryBytes }
    return { ...placement, askedPrecision, precision: askedPrecision, capacity }
  }
  const has = `${devices[placement.provider].name} has no ${precisionNames[askedPrecision]}.`
  return { ...placement, askedPrecision, reason: `${report ? whyNot(report) : has} It computes in fp32.` }
}

/** Returns a placement on the CPU, with the reason. */
export function onCpu(asked: DeviceChoice, askedPrecision: Precision, reason: string | null): Placement {
  const exact = devices['cpu'].precisions.includes(askedPrecision)
  const sentences = [reason, exact ? null : 'The CPU computes in fp32.']
  return {
    asked,
    askedPrecision,
    provider: 'cpu',
    precision: 'fp32',
    device: cpus()[0]?.model.trim() || null,
    parts: 1,
    reason: sentences.filter(Boolean).join(' ') || null,
  }
}

/**
 * Decides what to try after a device failed during a request: the same with half of every batch at a time,
 * which needs half the memory, and after that the CPU. Unless memory was the problem, the limited range of
 * fp16 may have been, so fp16 is then replaced by fp32; TF32 has the range of fp32.
 *
 * @param cause  a clause without a full stop: what the device did
 */
export function stepDown(placement: Placement, cause: string): Placement {
  const { asked, askedPrecision, provider, parts } = placement
  if (parts > 1) {
    return onCpu(
      asked,
      askedPrecision,
      `${cause}, even with half of each batch: the CPU does its work instead.`,
    )
  }
  const narrow = placement.precision === 'fp16' && !isOutOfMemory(cause)
  const precision = narrow ? 'fp32' : placement.precision
  const exactly = precision === placement.precision ? '' : `, in ${precisionNames[precision]}`
  const reason = `${cause}: ${devices[provider].name} is given half of each batch at a time${exactly}.`
  return { ...placement, precision, parts: 2, reason }
}

function isFaster({ milliseconds, cpuMilliseconds }: DeviceReport): boolean {
  return milliseconds! < cpuMilliseconds!
}

function whyNot(report: DeviceReport): string {
  if (!report.proved) return [report.reason, asSentence(report.remedy)].filter(Boolean).join(' ')
  const [own, cpu] = [report.milliseconds!, report.cpuMilliseconds!].map(formatMilliseconds)
  const device = report.device === null ? '' : ` (${report.device})`
  return `${devices[report.provider].name}${device} works, but takes ${own} where the CPU takes ${cpu}.`
}

function asSentence(remedy: string | null): string | null {
  return remedy !== null && !remedy.endsWith('.') ? `To fix this: ${remedy}.` : remedy
}

/** Explains that a device is not available on this platform, so there is nothing to probe. */
export function otherPlatform(provider: Provider): string {
  return `${devices[provider].name} is not for ${process.platform} on ${process.arch}.`
}
