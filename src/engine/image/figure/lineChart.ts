import type { SKRSContext2D } from '@napi-rs/canvas'
import { drawText, ink, mutedInk } from './lettering'
import { drawMarker, type LineStyle } from './lineStyle'
import { createScale, type Scale, type ScaleKind } from './scale'

export type Point = readonly [x: number, y: number]

/** One line of a chart. */
export interface Series {
  readonly name: string
  readonly style: LineStyle
  readonly points: readonly Point[]
  /** Drawn for comparison: behind the others, and without a say in how far the x axis goes. */
  readonly reference?: boolean
}

export interface Axis {
  readonly label: string
  readonly scale: ScaleKind
  /** Smaller values are drawn at this one: below it, differences mean nothing. */
  readonly floor?: number
}

export interface Chart {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
  /** A horizontal line at a value that means something. */
  readonly level?: Level
}

export interface Level {
  readonly value: number
  /** A word or two: it stands in the margin. */
  readonly label: string
}

/** Where a chart is drawn, in pixels; its title and labels are outside of it. */
export interface Frame {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const gridColour = '#e6e8eb'
const frameColour = '#9aa1a9'

/** Draws a line chart: frame, grid, labelled axes, lines with markers. The legend is another's. */
export function drawLineChart(context: SKRSContext2D, chart: Chart, frame: Frame): void {
  const { left, top, width, height } = frame
  const own = chart.series.filter(({ reference }) => !reference).flatMap(({ points }) => points)
  const x = createScale(
    chart.x.scale,
    own.map(([value]) => value),
    [left, left + width],
    chart.x.floor,
  )
  const inside = chart.series.flatMap(({ points }) =>
    points.filter(([value]) => x.at(value) >= left && x.at(value) <= left + width),
  )
  const levels = chart.level ? [chart.level.value] : []
  const heights = [...inside.map(([, value]) => value), ...levels]
  const y = createScale(chart.y.scale, heights, [top + height, top], chart.y.floor)

  drawText(context, chart.title, [left, top - 20], { size: 15, weight: 600 })
  drawGrid(context, frame, x, y)
  drawAxisLabels(context, chart, frame)
  context.save()
  context.beginPath()
  context.rect(left, top, width, height)
  context.clip()
  if (chart.level) drawLevel(context, chart.level, frame, y)
  const behindFirst = [...chart.series].sort(
    (a, b) => Number(b.reference ?? false) - Number(a.reference ?? false),
  )
  for (const series of behindFirst) drawSeries(context, series, x, y)
  context.restore()
  if (chart.level) {
    const { value, label } = chart.level
    drawText(context, label, [left + width + 6, y.at(value)], { size: 12, colour: mutedInk })
  }
}

function drawGrid(context: SKRSContext2D, { left, top, width, height }: Frame, x: Scale, y: Scale): void {
  context.lineWidth = 1
  context.strokeStyle = gridColour
  context.setLineDash([])
  context.beginPath()
  for (const { value } of x.ticks) {
    context.moveTo(x.at(value), top)
    context.lineTo(x.at(value), top + height)
  }
  for (const { value } of y.ticks) {
    context.moveTo(left, y.at(value))
    context.lineTo(left + width, y.at(value))
  }
  context.stroke()
  context.strokeStyle = frameColour
  context.strokeRect(left, top, width, height)
  const lettering = { size: 12, colour: mutedInk }
  for (const { value, label } of x.ticks) {
    drawText(context, label, [x.at(value), top + height + 14], { ...lettering, align: 'center' })
  }
  for (const { value, label } of y.ticks) {
    drawText(context, label, [left - 8, y.at(value)], { ...lettering, align: 'right' })
  }
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

function drawLevel(context: SKRSContext2D, { value }: Level, { left, width }: Frame, y: Scale): void {
  context.strokeStyle = frameColour
  context.lineWidth = 1.5
  context.beginPath()
  context.moveTo(left, y.at(value))
  context.lineTo(left + width, y.at(value))
  context.stroke()
}

function drawSeries(context: SKRSContext2D, { style, points }: Series, x: Scale, y: Scale): void {
  const places = points
    .map(([a, b]): Point => [x.at(a), y.at(b)])
    .filter((place) => place.every(Number.isFinite))
  context.strokeStyle = style.colour
  context.lineWidth = style.width
  context.lineJoin = 'round'
  context.setLineDash([...style.dash])
  context.beginPath()
  for (const [a, b] of places) context.lineTo(a, b)
  context.stroke()
  context.setLineDash([])
  for (const place of places) drawMarker(context, style, place)
}
