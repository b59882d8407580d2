/** The charts of a study, for the window and for the picture in its folder: the same curves, axes, names and colours. */
import { linearAxis, logAxis, type Axis } from '#core/format/chart/axis'
import type { Curve, CurveStyle } from '#core/format/chart/curve'
import { familyName, solverSettingsName } from '#core/format/solverNames'
import type { SolverSettings } from '#core/diffusion/settings'
import { solverOf } from '#core/diffusion/solvers/registry'
import { timestepSpacingOf } from '#core/diffusion/timestepSpacings/registry'
import { paperTable2, settingsId, type LabCell } from './lab'

/** What is drawn over evaluations. */
export type LabMetric = 'mse' | 'latentStd' | 'secondsPerPicture'

/** How the curve of these settings looks: a colour a solver, a dash and a mark a timestep spacing. */
export function styleOf({ solver, timestepSpacing, eta }: Omit<SolverSettings, 'steps'>): CurveStyle {
  const { dash, marker } = timestepSpacingOf(timestepSpacing)
  return { colour: solverOf(solver).colour, dash, marker, hollow: eta > 0 }
}

/** One curve for each solver on each timestep spacing, and for each eta, over the evaluations that were counted. */
export function curvesOf(cells: readonly LabCell[], metric: LabMetric): Curve[] {
  const families = new Map<string, LabCell[]>()
  for (const cell of cells) {
    const key = [cell.solver, cell.timestepSpacing, cell.eta].join(' ')
    families.set(key, [...(families.get(key) ?? []), cell])
  }
  return [...families].map(([key, members]) => ({
    key,
    label: familyName(members[0]),
    style: styleOf(members[0]),
    points: members
      .map((cell) => ({
        id: settingsId(cell),
        name: solverSettingsName(cell),
        x: cell.evaluations,
        y: cell[metric],
      }))
      .sort((a, b) => a.x - b.x),
  }))
}

const paperName = 'Song et al., Table 2'

/** The paper's own measurements, for comparison: S steps to encode and S to decode. */
export const paperCurve: Curve = {
  key: 'paper',
  label: paperName,
  style: { colour: { light: '#5e5e5e', dark: '#959595' }, dash: [2, 4], marker: 'cross', hollow: false },
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

/**
 * Errors below this tell nothing: eyes and 8-bit pictures see none of them, and exact solvers are there, at the limits
 * of float32. An error of 1 is that of black for white.
 */
export const errorRange = [1e-9, 1] as const

/** A standard deviation of 2 is far from any Gaussian. */
const stdRange = [0, 2] as const

/** Standard deviations of x_T that are healthy, with a label. */
export const healthyStd = { low: 0.97, high: 1.03, label: '0.97–1.03' }

/** The axis of evaluations that all charts of a study share. */
export function evaluationsAxis(curves: readonly Curve[]): Axis {
  return logAxis(curves.flatMap(({ points }) => points.map(({ x }) => x)))
}

/** The vertical axis for the curves of a metric. */
export function metricAxis(metric: LabMetric, curves: readonly Curve[]): Axis {
  const values = curves.flatMap(({ points }) => points.map(({ y }) => y))
  if (metric === 'latentStd') return linearAxis([...values, 0.95, 1.05], stdRange)
  return metric === 'mse' ? logAxis(values, errorRange) : logAxis(values)
}
