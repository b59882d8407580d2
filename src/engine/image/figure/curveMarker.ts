import type { SKRSContext2D } from '@napi-rs/canvas'
import type { CurveStyle, Marker } from '#core/format/chart/curve'

/** Angles of the corners on a circle of radius 1, as multiples of a half turn. */
const corners: Record<Exclude<Marker, 'circle' | 'cross'>, readonly number[]> = {
  square: [0.25, 0.75, 1.25, 1.75],
  triangle: [-0.5, 1 / 6, 5 / 6],
  diamond: [0, 0.5, 1, 1.5],
}

const radius = 4

/**
 * Draws the marker of a curve at a point.
 *
 * @param beyond  whether the value is off the axis; it then gets a hollow marker, as in the window
 */
export function drawMarker(
  context: SKRSContext2D,
  { colour, marker, hollow }: CurveStyle,
  [x, y]: readonly [number, number],
  beyond = false,
): void {
  context.beginPath()
  if (marker === 'circle') context.arc(x, y, radius - 0.5, 0, 2 * Math.PI)
  else if (marker === 'cross') traceCross(context, x, y)
  else {
    for (const turn of corners[marker]) {
      context.lineTo(
        x + 1.15 * radius * Math.cos(turn * Math.PI),
        y + 1.15 * radius * Math.sin(turn * Math.PI),
      )
    }
    context.closePath()
  }
  context.lineWidth = 1.5
  context.strokeStyle = colour.light
  context.fillStyle = hollow || beyond ? '#ffffff' : colour.light
  if (marker !== 'cross') context.fill()
  context.stroke()
}

function traceCross(context: SKRSContext2D, x: number, y: number): void {
  const arm = radius * 0.8
  context.moveTo(x - arm, y - arm)
  context.lineTo(x + arm, y + arm)
  context.moveTo(x - arm, y + arm)
  context.lineTo(x + arm, y - arm)
}
