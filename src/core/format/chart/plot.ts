import type { Axis } from './axis'
import { line } from 'd3-shape'
import type { Curve } from './curve'
import { spreadLabels } from './spreadLabels'

/** A point on the screen, in pixels. */
export interface PlacedPoint {
  readonly id: string
  readonly x: number
  readonly y: number
}

/** The part of a chart within its axes, in pixels. */
export interface PlotArea {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** Size of the smallest text, which labels the axes. */
  readonly fontSize: number
  /** Returns the pixel at a fraction of an axis. */
  toX(share: number): number
  toY(share: number): number
}

/** A curve as drawn on the screen. */
export interface PlacedCurve {
  readonly curve: Curve
  /** An SVG path through its points. */
  readonly path: string
  readonly points: readonly (PlacedPoint & { readonly beyond: boolean })[]
}

/** Average width of a letter, relative to the font size. */
const letterWidth = 0.58
const labelGap = 26
/** Pixels between the label of a tick and the axis. */
export const tickGap = 8
const rootFontSize = 16
const smallestText = 0.6875

/**
 * Returns the area of a chart that the texts around it leave free.
 *
 * @param texts.left  labels of the vertical axis
 * @param texts.right  names of curves, placed next to their ends
 * @param rootSize  the page's root font size in pixels, to which all texts are relative
 */
export function plotArea(
  { width, height }: { width: number; height: number },
  texts: { left: readonly string[]; right: readonly string[] },
  rootSize = rootFontSize,
): PlotArea {
  const fontSize = smallestText * rootSize
  const widest = (all: readonly string[]) =>
    Math.max(0, ...all.map(({ length }) => length)) * letterWidth * fontSize
  const [left, top] = [widest(texts.left) + tickGap + 2, 0.8 * fontSize]
  const right = texts.right.length > 0 ? widest(texts.right) + labelGap : 1.6 * fontSize
  const area = {
    left,
    top,
    width: Math.max(1, width - left - right),
    height: Math.max(1, height - top - 2 * fontSize),
  }
  return {
    ...area,
    fontSize,
    toX: (share) => area.left + share * area.width,
    toY: (share) => area.top + (1 - share) * area.height,
  }
}

/** Converts curves to screen coordinates. Points beyond an axis are placed at its end. */
export function placeCurves(curves: readonly Curve[], x: Axis, y: Axis, area: PlotArea): PlacedCurve[] {
  return curves.map((curve) => {
    const points = curve.points.map((point) => {
      const [across, up] = [x.placeOf(point.x), y.placeOf(point.y)]
      return { id: point.id, x: area.toX(across.at), y: area.toY(up.at), beyond: across.beyond || up.beyond }
    })
    return { curve, points, path: pathThrough(points) ?? '' }
  })
}

const pathThrough = line<PlacedPoint>(
  ({ x }) => x,
  ({ y }) => y,
).digits(1)

/** The name of a curve to the right of the plot, and the leader line to it from the curve's last point. */
export interface CurveLabel {
  readonly key: string
  readonly text: string
  readonly curve: Curve
  readonly x: number
  readonly y: number
  readonly leader: string
}

/** Places the names of as many curves as there is room for, giving priority to those that end lowest. */
export function labelPlaces(curves: readonly PlacedCurve[], area: PlotArea): CurveLabel[] {
  const height = 1.35 * area.fontSize
  const ends = curves.flatMap(({ curve, points }) => {
    const last = points.at(-1)
    return last ? [{ curve, last }] : []
  })
  const named = ends.sort((a, b) => b.last.y - a.last.y).slice(0, Math.floor(area.height / height))
  const room: [number, number] = [area.top - height / 2, area.top + area.height + height / 2]
  const places = spreadLabels(
    named.map(({ last }) => last.y),
    height,
    room,
  )
  const edge = area.left + area.width
  return named.map(({ curve, last }, at) => ({
    key: curve.key,
    text: curve.label,
    curve,
    x: edge + labelGap - 4,
    y: places[at],
    leader: `M${round(last.x + 5)} ${round(last.y)}L${round(Math.max(edge + 4, last.x + 5))} ${round(last.y)}L${round(edge + labelGap - 8)} ${round(places[at])}`,
  }))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
