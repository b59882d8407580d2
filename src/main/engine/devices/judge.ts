import { providerNames, type DeviceReport, type Provider } from '#shared/devices'
import { explainFailure } from './explainFailure'
import type { ProbeOutcome } from './runProbe'

/**
 * How far a device may be from the CPU on the known network, whose answers have a standard deviation of about 0.5.
 * Rounding in another order makes 1e-6; a matrix unit that rounds its inputs to 10 bits (TF32) makes 1e-3.
 */
export const tolerance = 1e-4

/** Decides whether a device counts, by what its probe found. */
export function judge(provider: Provider, outcome: ProbeOutcome): DeviceReport {
  if (!outcome.ok) return refused(provider, explainFailure(provider, outcome))
  const { findings } = outcome
  // Written so that NaN does not pass.
  const proved = findings.deviation <= tolerance
  const wrong = `${providerNames[provider]} answers wrongly: its result is ${describeDeviation(findings.deviation)} from the CPU’s, and ${tolerance} is allowed.`
  return {
    provider,
    precision: 'fp32',
    ...findings,
    proved,
    reason: proved ? null : wrong,
    remedy: proved ? null : 'Update the driver of the graphics card.',
  }
}

/** A device that does not count. */
export function refused(
  provider: Provider,
  { reason, remedy }: Pick<DeviceReport, 'reason' | 'remedy'>,
): DeviceReport {
  const nothing = { device: null, memoryBytes: null, deviation: null, milliseconds: null }
  return { provider, precision: 'fp32', ...nothing, cpuMilliseconds: null, proved: false, reason, remedy }
}

function describeDeviation(deviation: number): string {
  return Number.isFinite(deviation) ? deviation.toExponential(1) : 'NaN or infinitely far'
}
