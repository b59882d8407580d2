import { precisionNames, tolerances, type DeviceReport } from '#shared/devices'
import { explainFailure, type Explanation } from './explainFailure'
import { nameProbe } from './nameProbe'
import type { ProbeOutcome, ProbeTarget } from './runProbe'

/**
 * Decides from a probe's findings whether a device may be used at a precision.
 *
 * @param hasDriver  whether this machine has NVIDIA's driver
 */
export function verify(trial: ProbeTarget, outcome: ProbeOutcome, hasDriver: () => boolean): DeviceReport {
  if (!outcome.ok) return refused(trial, explainFailure(trial, outcome, hasDriver))
  const { findings } = outcome
  const tolerance = tolerances[trial.precision]
  // False for NaN, too.
  const proved = findings.deviation <= tolerance
  const wrong = `${nameProbe(trial)} gives wrong results: its output is ${describeDeviation(findings.deviation)} from the CPU’s, and ${tolerance} is allowed.`
  const remedy =
    trial.precision === 'fp32'
      ? 'Update the driver of the graphics card.'
      : `Stay with ${precisionNames.fp32}, or update the driver of the graphics card.`
  return {
    ...trial,
    ...findings,
    proved,
    reason: proved ? null : wrong,
    remedy: proved ? null : remedy,
    isAbsent: false,
  }
}

/** Returns the report of a device that may not be used. */
export function refused(
  { provider, precision }: ProbeTarget,
  { reason, remedy, isAbsent = false }: Explanation,
): DeviceReport {
  const nothing = { device: null, memoryBytes: null, deviation: null, milliseconds: null, batch: null }
  return { provider, precision, ...nothing, cpuMilliseconds: null, proved: false, reason, remedy, isAbsent }
}

function describeDeviation(deviation: number): string {
  return Number.isFinite(deviation) ? deviation.toExponential(1) : 'NaN or infinitely far'
}
