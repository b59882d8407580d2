import { combineRules, reasonAgainstRule, type LabRule, type LabStudy, type SkippedCell } from '#shared/lab'
import { roundTripEvaluations } from '#shared/price'
import { nodeKinds, solverIds } from '#shared/settings'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import type { NoiseSchedule } from '#core/diffusion/noiseSchedule'

/** What a study will measure, and what it will not. */
export interface CellPlan {
  /** Cheap ones first, so that a window has curves to draw early. */
  readonly cells: readonly LabRule[]
  readonly skipped: readonly SkippedCell[]
}

/** What of a study decides its cells: lists without repeats, in one order whatever order they were named in. */
export function normaliseSweep({ solvers, nodes, steps, etas, batch }: Omit<LabStudy, 'pictures'>) {
  const ascending = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b)
  return {
    solvers: solverIds.filter((solver) => solvers.includes(solver)),
    nodes: nodeKinds.filter((kind) => nodes.includes(kind)),
    steps: ascending(steps),
    etas: ascending(etas),
    batch,
  }
}

/** Every combination of a sweep: those that make sense by price, and the others with a reason each. */
export function planCells(sweep: Omit<LabStudy, 'pictures'>, schedule: NoiseSchedule): CellPlan {
  const combinations = combineRules(normaliseSweep(sweep))
  const judged = combinations.map((rule) => ({ ...rule, reason: reasonAgainst(rule, schedule) }))
  return {
    cells: combinations
      .filter((_, i) => judged[i].reason === null)
      .sort((a, b) => roundTripEvaluations(a) - roundTripEvaluations(b)),
    skipped: judged.flatMap(({ reason, ...rule }) => (reason === null ? [] : { ...rule, reason })),
  }
}

function reasonAgainst(rule: LabRule, schedule: NoiseSchedule): string | null {
  const reason = reasonAgainstRule(rule)
  if (reason !== null) return reason
  const { solver, nodes, steps } = rule
  try {
    chooseTimesteps(schedule, nodes, steps, undefined, solver)
    return null
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}
