import type { SolverSettings } from '#core/diffusion/settings'
import type { LabCell } from '#shared/lab'
import { roundTripNfe } from '#core/diffusion/cost'
import { solverOf } from '#core/diffusion/solvers/registry'

/** Figures show many pictures: more steps than this cost time for no visible gain. */
const mostSteps = 50

/**
 * Returns the settings that figures may use: deterministic, affordable, and not with paired latents, which
 * are made for exact reconstruction rather than for mixing. A wish that would leave no settings is ignored;
 * earlier wishes take precedence.
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

/** Chooses the settings that reconstructed the pictures best among those that figures may use. */
export function chooseFigureSettings(cells: readonly LabCell[]): SolverSettings {
  const { solver, timestepSpacing, steps, eta } = candidates(cells).reduce((best, cell) =>
    cell.mse < best.mse ? cell : best,
  )
  return { solver, timestepSpacing, steps, eta }
}

/**
 * Returns the most expensive settings that figures may use, to estimate their cost before anything
 * is measured.
 */
export function expectFigureSettings(cells: readonly SolverSettings[]): SolverSettings {
  return candidates(cells).reduce((dearest, cell) =>
    roundTripNfe(cell) > roundTripNfe(dearest) ? cell : dearest,
  )
}
