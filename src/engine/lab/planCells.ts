import { DomainError } from '#core/DomainError'
import { reasonAgainst } from '#core/diffusion/solvers/reasonAgainst'
import { combineSettings, type LabStudy, type SkippedCell } from '#shared/lab'
import { roundTripNfe } from '#core/diffusion/cost'
import type { SolverSettings } from '#core/diffusion/settings'
import { timestepSpacingIds } from '#core/diffusion/timestepSpacings/registry'
import { solverIds } from '#core/diffusion/solvers/registry'
import { chooseTimesteps, type TimestepSettings } from '#core/diffusion/timestepSpacing'
import type { NoiseSchedule } from '#core/diffusion/noiseSchedule'

/** The cells that a study measures, and those that it skips. */
export interface CellPlan {
  /** Cheap ones first, so that a window has curves to draw early. */
  readonly cells: readonly SolverSettings[]
  readonly skipped: readonly SkippedCell[]
}

/**
 * Returns what decides a study's cells: lists without duplicates, in an order that does not depend on how
 * they were given.
 */
export function normaliseSweep({
  solvers,
  timestepSpacings,
  steps,
  etas,
  batch,
  endTimestep,
  clip,
}: Omit<LabStudy, 'stops'>) {
  const ascending = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b)
  return {
    solvers: solverIds.filter((solver) => solvers.includes(solver)),
    timestepSpacings: timestepSpacingIds.filter((kind) => timestepSpacings.includes(kind)),
    steps: ascending(steps),
    etas: ascending(etas),
    batch,
    endTimestep,
    clip,
  }
}

/** Sorts every combination of a sweep: those that make sense by cost, the others with a reason each. */
export function planCells(sweep: Omit<LabStudy, 'stops'>, schedule: NoiseSchedule): CellPlan {
  const combinations = combineSettings(normaliseSweep(sweep))
  const judged = combinations.map((settings) => ({
    ...settings,
    reason: reasonAgainstCell({ ...settings, endTimestep: sweep.endTimestep }, schedule),
  }))
  return {
    cells: combinations.filter((_, i) => judged[i].reason === null).sort((a, b) => costOf(a) - costOf(b)),
    skipped: judged.flatMap(({ reason, ...settings }) => (reason === null ? [] : { ...settings, reason })),
  }
}

/**
 * Returns the evaluations of a cell, without the one that a few schedules add: a study is recognised by the order of
 * its cells, too, which must not depend on that one.
 */
function costOf(settings: SolverSettings): number {
  return roundTripNfe({ ...settings, cleanTimestep: undefined })
}

function reasonAgainstCell(
  settings: SolverSettings & TimestepSettings,
  schedule: NoiseSchedule,
): string | null {
  const reason = reasonAgainst(settings)
  if (reason !== null) return reason
  try {
    chooseTimesteps(schedule, settings)
    return null
  } catch (error) {
    if (error instanceof DomainError) return error.message
    throw error
  }
}
