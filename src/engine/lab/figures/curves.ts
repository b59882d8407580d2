import { paperTable2, type LabCell } from '#shared/lab'
import { solverOf } from '#core/diffusion/solvers/registry'
import { timestepSpacingOf } from '#core/diffusion/timestepSpacings/registry'
import { drawChartFigure } from '../../image/figure/chartFigure'
import type { Chart, Point, Series } from '../../image/figure/lineChart'
import type { LineStyle } from '../../image/figure/lineStyle'

const paper: Series = {
  name: 'paper, Table 2, CIFAR-10',
  style: { colour: '#9aa1a9', width: 1.5, dash: [5, 4], marker: 'cross' },
  points: paperTable2.map(({ steps, mse }): Point => [2 * steps, mse]),
  reference: true,
}

/** Below this no eye and no 8-bit picture tells an error; the exact rules are there, at the limits of float32. */
const exact = 1e-9

/** One line a rule, over its numbers of steps. */
interface Line {
  readonly name: string
  readonly style: LineStyle
  readonly cells: readonly LabCell[]
}

function linesOf(cells: readonly LabCell[]): Line[] {
  const lines = new Map<string, { style: LineStyle; cells: LabCell[] }>()
  for (const cell of cells) {
    const { solver, timestepSpacing, eta } = cell
    const name = `${solver}, ${timestepSpacing}${eta > 0 ? `, eta ${eta}` : ''}`
    const { dash, marker } = timestepSpacingOf(timestepSpacing)
    const style = { colour: solverOf(solver).colour.light, width: 2, dash, marker, hollow: eta > 0 }
    const line = lines.get(name) ?? { style, cells: [] }
    line.cells.push(cell)
    lines.set(name, line)
  }
  return [...lines].map(([name, { style, cells }]) => ({
    name,
    style,
    cells: cells.sort((a, b) => a.steps - b.steps),
  }))
}

/** Draws what a study found: error and health over price, and error over time. */
export function drawCurves(cells: readonly LabCell[], subtitle: string): Promise<Uint8Array> {
  const best = ({ cells }: Line) => Math.min(...cells.map(({ mse }) => mse))
  // As the lines lie above one another, so they stand in the legend.
  const lines = linesOf(cells).sort((a, b) => best(b) - best(a))
  const chart = (
    point: (cell: LabCell) => Point,
    rest: Omit<Chart, 'series'>,
    others: readonly Series[] = [],
  ): Chart => ({
    ...rest,
    series: [
      ...others,
      ...lines.map(({ name, style, cells }) => ({ name, style, points: cells.map(point) })),
    ],
  })
  const references = cells.some(({ evaluations }) => evaluations >= paper.points[0][0]) ? [paper] : []
  const evaluations = { label: 'network evaluations a picture, there and back', scale: 'log' } as const
  const error = { label: 'mean squared error on [0, 1]', scale: 'log', floor: exact } as const
  return drawChartFigure({
    title: 'How truly pictures come back, and how Gaussian their latents are',
    subtitle,
    charts: [
      chart((cell) => [cell.evaluations, cell.mse], { title: 'Error over price', x: evaluations, y: error }, [
        paper,
      ]),
      chart((cell) => [cell.evaluations, cell.latentStd], {
        title: 'Standard deviation of x_{T} over price',
        x: evaluations,
        y: { label: 'standard deviation of x_{T}', scale: 'linear' },
        level: { value: 1, label: 'N(0, I)' },
      }),
      chart((cell) => [cell.secondsPerPicture, cell.mse], {
        title: 'Error over time',
        x: { label: 'seconds a picture, there and back', scale: 'log' },
        y: error,
      }),
    ],
    legend: [...lines.map(({ name, style }) => ({ name, style, points: [] })), ...references],
  })
}
