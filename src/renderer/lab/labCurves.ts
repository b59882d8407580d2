import { solverOf, type SolverId } from '#core/diffusion/solvers/registry'
import { timestepSpacingOf, type TimestepSpacing } from '#core/diffusion/timestepSpacings/registry'
import { paperTable2, settingsId, type LabCell } from '#shared/lab'
import { familyName, solverSettingsName } from '../labels/solverNames'
import type { Curve } from './curves'

/** What the Lab draws over evaluations. */
export type LabFigure = 'mse' | 'latentStd' | 'secondsPerPicture'

/** The colour of a solver in every chart. */
export function solverColour(solver: SolverId): string {
  const { light, dark } = solverOf(solver).colour
  return `light-dark(${light}, ${dark})`
}

/** The dash pattern of a timestep spacing in every chart. */
export function timestepSpacingDash(timestepSpacing: TimestepSpacing): string {
  return timestepSpacingOf(timestepSpacing).dash.join(' ')
}

/** One curve for each solver on each timestep spacing, and for each eta, over the evaluations that were counted. */
export function curvesOf(cells: readonly LabCell[], figure: LabFigure): Curve[] {
  const families = new Map<string, LabCell[]>()
  for (const cell of cells) {
    const key = [cell.solver, cell.timestepSpacing, cell.eta].join(' ')
    families.set(key, [...(families.get(key) ?? []), cell])
  }
  return [...families].map(([key, members]) => ({
    key,
    label: familyName(members[0]),
    colour: solverColour(members[0].solver),
    dash: timestepSpacingDash(members[0].timestepSpacing),
    points: members
      .map((cell) => ({
        id: settingsId(cell),
        name: solverSettingsName(cell),
        x: cell.evaluations,
        y: cell[figure],
      }))
      .sort((a, b) => a.x - b.x),
  }))
}

const paperName = 'Song et al., Table 2'

/** The paper's own measurements, for comparison: S steps each way. */
export const paperCurve: Curve = {
  key: 'paper',
  label: paperName,
  colour: 'var(--text-3)',
  dash: '2 4',
  reference: true,
  points: paperTable2.map(({ steps, mse }) => ({
    id: `paper ${steps}`,
    name: `${paperName} · S ${steps}`,
    x: 2 * steps,
    y: mse,
  })),
}

/** The paper's curve as far as it can be compared: up to the evaluations that were spent here, and two points at least. */
export function comparablePaperCurve(cells: readonly LabCell[]): Curve {
  if (cells.length === 0) return paperCurve
  const reach = Math.max(...cells.map(({ evaluations }) => evaluations))
  const points = paperCurve.points.filter(({ x }, at) => at < 2 || x <= reach)
  return { ...paperCurve, points }
}
