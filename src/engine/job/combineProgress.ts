import type { Progress } from '#shared/progress'
import type { RequestContext } from './requestContext'

/**
 * The cost of a part of a request by phase, in the order in which the phases run, in evaluations of
 * one picture.
 */
export type PartCost = Partial<Record<Progress['phase'], number>>

/**
 * Combines the progress of all parts of a request into one: the share done never falls, and the time left is
 * that of all remaining work at the pace so far.
 *
 * @returns one context per part, in the order in which the parts run; a part that is already done
 *   reports nothing
 */
export function combineProgress(context: RequestContext, parts: readonly PartCost[]): RequestContext[] {
  const whole = sum(parts.map(costOf))
  const started = performance.now()
  let remaining = whole
  let spent = 0

  function tell(progress: Progress, left: number): void {
    // Reports without an ETA, such as the first of a phase, cover work that was already done, which says
    // nothing about the pace.
    if (progress.etaSeconds !== null) spent += Math.max(0, remaining - left)
    remaining = Math.min(remaining, left)
    const seconds = (performance.now() - started) / 1000
    const etaSeconds = spent === 0 ? null : (seconds / spent) * remaining
    context.report({ ...progress, overall: { share: 1 - remaining / whole, etaSeconds } })
  }

  return parts.map((part, index) => {
    const later = sum(parts.slice(index + 1).map(costOf))
    return { ...context, report: (progress) => tell(progress, later + leftOf(part, progress)) }
  })
}

function leftOf(part: PartCost, { phase, done, total }: Progress): number {
  const phases = Object.keys(part) as Progress['phase'][]
  const after = phases.slice(phases.indexOf(phase) + 1)
  return sum(after.map((next) => part[next] ?? 0)) + (part[phase] ?? 0) * (1 - done / total)
}

function costOf(part: PartCost): number {
  return sum(Object.values(part))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
