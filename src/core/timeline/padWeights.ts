/** A point of the pad, whose corners lie on the circle of radius 1 around (0, 0); y points down. */
export interface PadPoint {
  readonly x: number
  readonly y: number
}

/** Returns the corners of a pad, clockwise from the top. */
export function padCorners(count: number): PadPoint[] {
  return Array.from({ length: count }, (_unused, at) => {
    const angle = (2 * Math.PI * at) / count
    return { x: Math.sin(angle), y: -Math.cos(angle) }
  })
}

/** A point this near to a corner or an edge counts as on it, because the formula divides by the distance. */
const near = 1e-9

/**
 * Returns the weight of each corner's latent in the mix at a point: mean value coordinates (Floater, "Mean
 * value coordinates", CAGD 2003, eq. 2.1). They are positive, sum to 1, are 1 at their own corner, and change
 * smoothly.
 *
 * @param point  one outside counts as the nearest on the pad
 * @param count  number of corners, 3 or more
 */
export function padWeights(point: PadPoint, count: number): number[] {
  const corners = padCorners(count)
  const { x, y } = ontoPad(point, count)
  const ways = corners.map((corner) => ({ x: corner.x - x, y: corner.y - y }))
  const lengths = ways.map((way) => Math.hypot(way.x, way.y))
  const at = lengths.findIndex((length) => length < near)
  if (at >= 0) return corners.map((_unused, corner) => (corner === at ? 1 : 0))
  /** tan(angle / 2) between the vectors to a corner and the next; null if the point is on their edge. */
  const tangents = ways.map((way, corner) => {
    const next = (corner + 1) % count
    const cross = way.x * ways[next].y - way.y * ways[next].x
    const dot = way.x * ways[next].x + way.y * ways[next].y
    return cross < near && dot < 0 ? null : (lengths[corner] * lengths[next] - dot) / cross
  })
  const edge = tangents.indexOf(null)
  if (edge >= 0) return weightsOnEdge(edge, lengths)
  const weights = lengths.map(
    (length, corner) => (tangents[(corner + count - 1) % count]! + tangents[corner]!) / length,
  )
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

function weightsOnEdge(edge: number, lengths: readonly number[]): number[] {
  const next = (edge + 1) % lengths.length
  const share = lengths[edge] / (lengths[edge] + lengths[next])
  return lengths.map((_unused, at) => (at === edge ? 1 - share : at === next ? share : 0))
}

/** Returns the nearest point of the pad, which is a regular polygon. */
export function ontoPad(point: PadPoint, count: number): PadPoint {
  const corners = padCorners(count)
  const isOutside = corners.some((from, at) => {
    const to = corners[(at + 1) % count]
    return (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x) < 0
  })
  if (!isOutside) return point
  const candidates = corners.map((from, at) => nearestOnEdge(point, from, corners[(at + 1) % count]))
  const distanceTo = (one: PadPoint) => Math.hypot(one.x - point.x, one.y - point.y)
  return candidates.reduce((best, one) => (distanceTo(one) < distanceTo(best) ? one : best))
}

function nearestOnEdge(point: PadPoint, from: PadPoint, to: PadPoint): PadPoint {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const along = ((point.x - from.x) * dx + (point.y - from.y) * dy) / (dx * dx + dy * dy)
  const share = Math.max(0, Math.min(1, along))
  return { x: from.x + share * dx, y: from.y + share * dy }
}
