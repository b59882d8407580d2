import type { Curve, CurvePoint } from '#core/format/chart/curve'
import type { PlacedPoint } from '#core/format/chart/plot'

/** Returns the point nearest to the pointer, or null if none is within `reach` pixels. */
export function nearestPoint(
  points: readonly PlacedPoint[],
  pointer: { x: number; y: number },
  reach: number,
): PlacedPoint | null {
  const distance = ({ x, y }: PlacedPoint): number => Math.hypot(x - pointer.x, y - pointer.y)
  const [nearest] = [...points].sort((a, b) => distance(a) - distance(b))
  return nearest && distance(nearest) <= reach ? nearest : null
}

/** The direction of an arrow key: along the curve, or to a curve above or below it. */
export type Direction = 'before' | 'after' | 'above' | 'below'

/** Returns the id of the point that an arrow key leads to; the very first point if none is chosen yet. */
export function neighbourOf(
  curves: readonly Curve[],
  id: string | null,
  direction: Direction,
): string | null {
  const curve = curves.find(({ points }) => points.some((point) => point.id === id))
  if (!curve) return curves[0]?.points[0]?.id ?? null
  const at = curve.points.findIndex((point) => point.id === id)
  if (direction === 'before') return curve.points[Math.max(0, at - 1)].id
  if (direction === 'after') return curve.points[Math.min(curve.points.length - 1, at + 1)].id
  return besides(curves, curve, curve.points[at], direction) ?? id
}

/**
 * Finds, on every other curve, the point nearest in x, and returns the closest of these that is above or below.
 */
function besides(
  curves: readonly Curve[],
  own: Curve,
  from: CurvePoint,
  direction: 'above' | 'below',
): string | null {
  const sign = direction === 'above' ? 1 : -1
  const candidates = curves
    .filter((curve) => curve !== own && curve.points.length > 0)
    .map(({ points }) => points.reduce((a, b) => (Math.abs(b.x - from.x) < Math.abs(a.x - from.x) ? b : a)))
    .filter(({ y }) => (y - from.y) * sign > 0)
    .sort((a, b) => (a.y - b.y) * sign)
  return candidates[0]?.id ?? null
}
