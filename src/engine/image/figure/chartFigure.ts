import { createCanvas, Path2D, type SKRSContext2D } from '@napi-rs/canvas'
import type { Curve } from '#core/format/chart/curve'
import { drawText, measureText, mutedInk } from './lettering'
import { drawMarker } from './curveMarker'
import { drawLineChart, strokeCurve, type Chart } from './lineChart'

/** Pixels per unit of length, because figures are viewed on high-density screens and in print. */
const density = 2
const chartSize = { width: 400, height: 340 }
const space = { left: 78, right: 54, top: 100, bottom: 58, betweenLines: 22, sample: 34 }
const legendLettering = { size: 13 }

/** A figure of charts side by side that share their lines, and so a single legend on the right. */
export interface ChartFigure {
  readonly title: string
  readonly subtitle: string
  readonly charts: readonly Chart[]
  /** The lines to name, in the order of the legend. */
  readonly legend: readonly Curve[]
}

/** Draws a figure on white and returns it as PNG. */
export async function drawChartFigure({ title, subtitle, charts, legend }: ChartFigure): Promise<Uint8Array> {
  const pen = createCanvas(1, 1).getContext('2d')
  const names = legend.map(({ label }) => measureText(pen, label, legendLettering))
  const legendWidth = space.sample + 10 + Math.max(0, ...names)
  const column = space.left + chartSize.width + space.right
  const width = Math.ceil(charts.length * column + legendWidth + 28)
  const tallest = Math.max(chartSize.height, legend.length * space.betweenLines)
  const height = space.top + tallest + space.bottom

  const canvas = createCanvas(width * density, height * density)
  const context = canvas.getContext('2d')
  context.scale(density, density)
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, width, height)
  drawText(context, title, [24, 22], { size: 18, weight: 600 })
  drawText(context, subtitle, [24, 44], { size: 13, colour: mutedInk })
  for (const [i, chart] of charts.entries()) {
    drawLineChart(context, chart, { left: i * column + space.left, top: space.top, ...chartSize })
  }
  drawLegend(context, legend, [charts.length * column + 6, space.top + 10])
  return canvas.encode('png')
}

function drawLegend(context: SKRSContext2D, legend: readonly Curve[], [left, top]: [number, number]): void {
  for (const [i, curve] of legend.entries()) {
    const y = top + i * space.betweenLines
    strokeCurve(context, curve, new Path2D(`M${left} ${y}H${left + space.sample}`))
    drawMarker(context, curve.style, [left + space.sample / 2, y])
    drawText(context, curve.label, [left + space.sample + 10, y], legendLettering)
  }
}
