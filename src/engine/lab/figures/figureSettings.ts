import type { SolverSettings } from '#core/diffusion/settings'
import type { LabCell } from '#shared/lab'
import { roundTripNfe } from '#core/diffusion/cost'
import { solverOf } from '#core/diffusion/solvers/registry'

/** Figures show many pictures: more steps than this cost more time than the eye can tell. */
const mostSteps = 50

/**
 * The settings that figures may be drawn by: deterministic, affordable, and none whose latents are pairs, for those are
 * made to come back rather than to be mixed. Wishes that leave none are dropped, the last first.
 */
function candidates<Solver extends SolverSettings>(all: readonly Solver[]): readonly Solver[] {
  const wishes = [
    ({ eta }: SolverSettings) => eta === 0,
    ({ steps }: SolverSettings) => steps <= mostSteps,
    ({ solver }: SolverSettings) => !solverOf(solver).isPair,
  ]
  return wishes.reduce<readonly Solver[]>((left, wish) => {
    const fulfilled = left.filter(wish)
    return fulfilled.length > 0 ? fulfilled : left
  }, all)
}

/** The settings that reconstructed the pictures best, among those that figures may be drawn by. */
export function chooseFigureSettings(cells: readonly LabCell[]): SolverSettings {
  const { solver, timestepSpacing, steps, eta } = candidates(cells).reduce((best, cell) =>
    cell.mse < best.mse ? cell : best,
  )
  return { solver, timestepSpacing, steps, eta }
}

/** What the figures' settings will be as far as the cost goes, before anything is measured. */
export function expectFigureSettings(cells: readonly SolverSettings[]): SolverSettings {
  return candidates(cells).reduce((dearest, cell) =>
    roundTripNfe(cell) > roundTripNfe(dearest) ? cell : dearest,
  )
}
