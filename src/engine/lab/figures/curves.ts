import type { Curve } from '#core/format/chart/curve'
import type { LabCell } from '#shared/lab'
import {
  comparablePaperCurve,
  curvesOf,
  evaluationsAxis,
  metricAxis,
  paperCurve,
  type LabMetric,
} from '#shared/labCurves'
import { drawChartFigure } from '../../image/figure/chartFigure'
import type { Chart } from '../../image/figure/lineChart'

/**
 * Draws the results of a study as the Lab shows them: error, latent statistics and time over cost.
 *
 * @param times  whether to draw times, which are meaningless for a study that ran alongside other work
 */
export function drawCurves(
  cells: readonly LabCell[],
  subtitle: string,
  { times = true } = {},
): Promise<Uint8Array> {
  const errors = [...curvesOf(cells, 'mse'), comparablePaperCurve(cells)]
  const x = { label: 'model evaluations to encode and decode a picture', axis: evaluationsAxis(errors) }
  const chart = (metric: LabMetric, curves: readonly Curve[], title: string, label: string): Chart => ({
    title,
    x,
    y: { label, axis: metricAxis(metric, curves) },
    curves,
  })
  return drawChartFigure({
    title: 'Accuracy of reconstructions, and how Gaussian their latents are',
    subtitle,
    charts: [
      chart('mse', errors, 'Mean MSE', 'mean squared error on [0, 1]'),
      {
        ...chart('latentStd', curvesOf(cells, 'latentStd'), 'Std of x_{T}', 'standard deviation of x_{T}'),
        level: { value: 1, label: 'N(0, I)' },
      },
      ...(times
        ? [chart('secondsPerPicture', curvesOf(cells, 'secondsPerPicture'), 'Seconds per picture', 'seconds')]
        : []),
    ],
    legend: byError(errors),
  })
}

/** Sorts the curves for the legend in their vertical order in the chart; the paper's own comes last. */
function byError(curves: readonly Curve[]): Curve[] {
  const best = ({ points }: Curve): number => Math.min(...points.map(({ y }) => y))
  const measured = curves.filter(({ reference }) => !reference).sort((a, b) => best(b) - best(a))
  return [...measured, paperCurve]
}
