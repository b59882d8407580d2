import { Path2D, type SKRSContext2D } from '@napi-rs/canvas'
import type { Axis } from '#core/format/chart/axis'
import type { Curve } from '#core/format/chart/curve'
import { placeCurves, type PlotArea } from '#core/format/chart/plot'
import { tickLabel } from '#core/format/chart/tickLabel'
import { drawMarker } from './curveMarker'
import { drawText, ink, mutedInk } from './lettering'

/** An axis and the name of what it measures. */
export interface LabelledAxis {
  readonly label: string
  readonly axis: Axis
}

/** A line chart. */
export interface Chart {
  readonly title: string
  readonly x: LabelledAxis
  readonly y: LabelledAxis
  readonly curves: readonly Curve[]
  /** A horizontal line at a meaningful value; its label, a word or two, is in the margin. */
  readonly level?: { readonly value: number; readonly label: string }
}

/** The area of a chart in pixels; its title and labels are outside. */
export interface Frame {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const gridColour = '#e6e8eb'
const frameColour = '#9aa1a9'
const tickSize = 12

/**
 * Draws a line chart on white: frame, grid, labelled axes, lines with markers. The caller draws the legend.
 */
export function drawLineChart(context: SKRSContext2D, chart: Chart, frame: Frame): void {
  const { left, top, width, height } = frame
  const area: PlotArea = {
    ...frame,
    fontSize: tickSize,
    toX: (share) => left + share * width,
    toY: (share) => top + (1 - share) * height,
  }
  drawText(context, chart.title, [left, top - 20], { size: 15, weight: 600 })
  drawGrid(context, area, chart)
  drawAxisLabels(context, chart, frame)
  if (chart.level) drawLevel(context, chart.level, area, chart.y.axis)
  context.save()
  context.beginPath()
  // The margin keeps markers at the end of an axis whole.
  context.rect(left - 6, top - 6, width + 12, height + 12)
  context.clip()
  drawCurves(context, chart, area)
  context.restore()
}

function drawGrid(context: SKRSContext2D, area: PlotArea, { x, y }: Chart): void {
  const { left, top, width, height } = area
  const columns = x.axis.ticks.map((tick) => ({ tick, at: area.toX(x.axis.placeOf(tick).at) }))
  const rows = y.axis.ticks.map((tick) => ({ tick, at: area.toY(y.axis.placeOf(tick).at) }))
  context.lineWidth = 1
  context.strokeStyle = gridColour
  context.setLineDash([])
  context.beginPath()
  for (const { at } of columns) strokeLine(context, [at, top], [at, top + height])
  for (const { at } of rows) strokeLine(context, [left, at], [left + width, at])
  context.stroke()
  context.strokeStyle = frameColour
  context.strokeRect(left, top, width, height)
  const lettering = { size: tickSize, colour: mutedInk }
  for (const { tick, at } of columns) {
    drawText(context, labelOf(tick), [at, top + height + 14], { ...lettering, align: 'center' })
  }
  for (const { tick, at } of rows) {
    drawText(context, labelOf(tick), [left - 8, at], { ...lettering, align: 'right' })
  }
}

function strokeLine(context: SKRSContext2D, from: [number, number], to: [number, number]): void {
  context.moveTo(...from)
  context.lineTo(...to)
}

/** Exponents are raised by the text drawing because the font of figures has no superscript digits. */
function labelOf(tick: number): string {
  return tickLabel(tick, (exponent) => `^{${exponent < 0 ? `−${-exponent}` : exponent}}`)
}

function drawAxisLabels(context: SKRSContext2D, { x, y }: Chart, { left, top, width, height }: Frame): void {
  const lettering = { size: 13, colour: ink, align: 'center' } as const
  drawText(context, x.label, [left + width / 2, top + height + 36], lettering)
  context.save()
  context.translate(left - 54, top + height / 2)
  context.rotate(-Math.PI / 2)
  drawText(context, y.label, [0, 0], lettering)
  context.restore()
}

function drawLevel(
  context: SKRSContext2D,
  level: NonNullable<Chart['level']>,
  area: PlotArea,
  axis: Axis,
): void {
  const [y, right] = [area.toY(axis.placeOf(level.value).at), area.left + area.width]
  context.strokeStyle = frameColour
  context.lineWidth = 1.5
  context.beginPath()
  strokeLine(context, [area.left, y], [right, y])
  context.stroke()
  drawText(context, level.label, [right + 6, y], { size: tickSize, colour: mutedInk })
}

/** Draws the curves, with reference curves behind the others. */
function drawCurves(context: SKRSContext2D, { curves, x, y }: Chart, area: PlotArea): void {
  const behindFirst = curves.toSorted((a, b) => Number(b.reference ?? false) - Number(a.reference ?? false))
  for (const { curve, path, points } of placeCurves(behindFirst, x.axis, y.axis, area)) {
    strokeCurve(context, curve, new Path2D(path))
    for (const point of points) drawMarker(context, curve.style, [point.x, point.y], point.beyond)
  }
}

/** Strokes a path in the style of a curve. */
export function strokeCurve(context: SKRSContext2D, { style, reference }: Curve, path: Path2D): void {
  context.strokeStyle = style.colour.light
  context.lineWidth = reference ? 1.5 : 2
  context.lineJoin = 'round'
  context.setLineDash([...style.dash])
  context.stroke(path)
  context.setLineDash([])
}
