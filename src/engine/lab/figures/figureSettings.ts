import type { SolverSettings } from '#core/diffusion/settings'
import type { LabCell } from '#shared/lab'
import { figureCandidates } from '#shared/labFigures'

/** Chooses the settings that reconstructed the pictures best among those that figures may use. */
export function chooseFigureSettings(cells: readonly LabCell[]): SolverSettings {
  const { solver, timestepSpacing, steps, eta } = figureCandidates(cells).reduce((best, cell) =>
    cell.mse < best.mse ? cell : best,
  )
  return { solver, timestepSpacing, steps, eta }
}
