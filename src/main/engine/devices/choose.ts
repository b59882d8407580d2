import { cpus } from 'node:os'
import {
  providerNames,
  type DeviceChoice,
  type DeviceReport,
  type Placement,
  type Provider,
} from '#shared/devices'

/** The device for what was asked: that one if it has proved itself, or with `auto` the fastest that has; else the CPU. */
export function choose(asked: DeviceChoice, reports: readonly DeviceReport[]): Placement {
  const usable = reports.filter((report) => report.proved && (asked !== 'auto' || isFaster(report)))
  const [best] = usable.sort((a, b) => a.milliseconds! - b.milliseconds!)
  if (best) return { asked, provider: best.provider, device: best.device, parts: 1, reason: null }
  return onCpu(asked, reports.map(whyNot).join(' ') || null)
}

/** The CPU, and why. */
export function onCpu(asked: DeviceChoice, reason: string | null): Placement {
  return { asked, provider: 'cpu', device: cpus()[0]?.model.trim() || null, parts: 1, reason }
}

/**
 * What to try after a device failed under a request: the same with half of every batch at a time, which needs half the
 * memory, and after that the CPU.
 *
 * @param cause  a clause without full stop: what the device did
 */
export function stepDown({ asked, provider, device, parts }: Placement, cause: string): Placement {
  const name = providerNames[provider]
  if (parts > 1) return onCpu(asked, `${cause}, even with half of each batch: the CPU does its work instead.`)
  const reason = `${cause}: ${name} is given half of each batch at a time.`
  return { asked, provider, device, parts: 2, reason }
}

function isFaster({ milliseconds, cpuMilliseconds }: DeviceReport): boolean {
  return milliseconds! < cpuMilliseconds!
}

function whyNot(report: DeviceReport): string {
  if (!report.proved) return [report.reason, asSentence(report.remedy)].filter(Boolean).join(' ')
  const [own, cpu] = [report.milliseconds!, report.cpuMilliseconds!].map((value) => value.toPrecision(2))
  const device = report.device === null ? '' : ` (${report.device})`
  return `${providerNames[report.provider]}${device} works, but takes ${own} ms where the CPU takes ${cpu} ms.`
}

function asSentence(remedy: string | null): string | null {
  return remedy !== null && !remedy.endsWith('.') ? `To mend that: ${remedy}.` : remedy
}

/** A device of another platform: nothing to check. */
export function otherPlatform(provider: Provider): string {
  return `${providerNames[provider]} is not for ${process.platform} on ${process.arch}.`
}
