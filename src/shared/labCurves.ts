/** The charts of a study: curves, axes, names and colours are the same in the window and the picture file. */
import { linearAxis, logAxis, type Axis } from '#core/format/chart/axis'
import type { Curve, CurveStyle } from '#core/format/chart/curve'
import { familyName, solverSettingsName } from '#core/format/solverNames'
import type { SolverSettings } from '#core/diffusion/settings'
import { noiseStd } from '#core/diffusion/latentStatistics'
import { solverOf } from '#core/diffusion/solvers/registry'
import { timestepSpacingOf } from '#core/diffusion/timestepSpacings/registry'
import { paperTable2, settingsId, type LabCell } from './lab'

/** Quantities that are plotted over evaluations. */
export type LabMetric = 'mse' | 'latentStd' | 'secondsPerPicture'

/** Returns a curve's style: one colour per solver, one dash and marker per timestep spacing. */
export function styleOf({ solver, timestepSpacing, eta }: Omit<SolverSettings, 'steps'>): CurveStyle {
  const { dash, marker } = timestepSpacingOf(timestepSpacing)
  return { colour: solverOf(solver).colour, dash, marker, hollow: eta > 0 }
}

/** Returns a curve for each combination of solver, timestep spacing and eta, over the counted evaluations. */
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

/** The paper's own measurements, for comparison, with S steps to encode and S to decode. */
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

/** Returns the comparable part of the paper's curve: up to the evaluations spent, at least two points. */
export function comparablePaperCurve(cells: readonly LabCell[]): Curve {
  if (cells.length === 0) return paperCurve
  const reach = Math.max(...cells.map(({ evaluations }) => evaluations))
  const points = paperCurve.points.filter(({ x }, at) => at < 2 || x <= reach)
  return { ...paperCurve, points }
}

/**
 * The range of errors worth showing. Below it, neither eyes nor 8-bit pictures can tell a difference, and
 * exact solvers reach the limits of float32. An error of 1 is black for white.
 */
const errorRange = [1e-9, 1] as const

/** A standard deviation of 2 is far from any Gaussian. */
const stdRange = [0, 2] as const

/** The range of standard deviations of x_T that are those of noise, with a label. */
export const noiseBand = { ...noiseStd, label: `${noiseStd.low}–${noiseStd.high}` }

/** Returns the axis of evaluations that all charts of a study share. */
export function evaluationsAxis(curves: readonly Curve[]): Axis {
  return logAxis(curves.flatMap(({ points }) => points.map(({ x }) => x)))
}

/** Returns the vertical axis for the curves of a metric. */
export function metricAxis(metric: LabMetric, curves: readonly Curve[]): Axis {
  const values = curves.flatMap(({ points }) => points.map(({ y }) => y))
  if (metric === 'latentStd') return linearAxis([...values, 0.95, 1.05], stdRange)
  return metric === 'mse' ? logAxis(values, errorRange) : logAxis(values)
}
