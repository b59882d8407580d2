import { ease } from '#core/timeline/easing'
import type { Segment } from '#core/timeline/path'

/** The number of bars in a speed graph that is computed from a curve, not from measured places. */
const samples = 64

/**
 * Returns the speed along a segment at equal steps of time, relative to a segment of even speed, so that the
 * mean is 1. A hold has speed 0 until its end, where it jumps.
 */
export function speedsOf({ easing, fractions, frames }: Segment): number[] {
  const places = fractions
    ? [0, ...fractions, 1]
    : Array.from({ length: samples + 1 }, (_, at) => ease(easing, at / samples))
  const steps = fractions ? frames : samples
  return places.slice(1).map((place, at) => (place - places[at]) * steps)
}

/**
 * Returns the speeds as an SVG area, `width` wide. Its `height` stands for the highest speed, but at least for
 * 3 times even speed.
 */
export function speedPath(speeds: readonly number[], width: number, height: number): string {
  const top = Math.max(3, ...speeds)
  const points = speeds.map((speed, at) => {
    const x = ((at + 0.5) / speeds.length) * width
    return `${round(x)} ${round(height * (1 - speed / top))}`
  })
  const [first, last] = [points[0].split(' ')[1], points[points.length - 1].split(' ')[1]]
  return `M0 ${height}V${first}L${points.join('L')}L${width} ${last}V${height}Z`
}

/** Returns the curve of measured places as an SVG line in a square of side `size`. */
export function placesPath(fractions: readonly number[], size: number): string {
  const places = [0, ...fractions, 1]
  const points = places.map(
    (place, at) => `${round((at / (places.length - 1)) * size)} ${round((1 - place) * size)}`,
  )
  return `M${points.join('L')}`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
