import { dot } from '../../numbers/vectors'
import { lerpWeights, slerpWeights } from '../../diffusion/slerp'
import type { Neighbourhood } from './interpolationRow'

/** A vector, as coordinates over the unit vectors of a neighbourhood's latents. */
type Coordinates = readonly number[]

/** Tangents shorter than this have no direction that survives rounding. */
const shortest = 1e-9

/**
 * Returns the weights of a smooth path through all stops (C1): directions follow spherical cubic Bézier
 * curves, the logarithms of the lengths cubic Hermite ones, so that no length passes through 0.
 *
 * Each segment is the Bézier curve of its two directions and two control points, by de Casteljau's
 * construction with slerp in place of straight lines (Shoemake, "Animating rotation with quaternion curves",
 * 1985). The control points lie a third of the way along the tangents. The tangent at a stop is that of the
 * parabola in time through it and its neighbours (Overhauser's spline, on the sphere by the logarithm map),
 * so the speed per frame is continuous even if segments differ in length. At the end of an open path the
 * tangent points to the only neighbour.
 *
 * Everything happens in the space spanned by the latents, at most four, so only their inner products are
 * needed.
 *
 * @returns weights of the latents; those of lerp if a latent is zero
 */
export function sphericalSplineWeights(
  { latents, from, durations }: Neighbourhood,
  fraction: number,
): readonly number[] {
  const vectors = latents.map(({ x }) => x.data)
  const lengths = vectors.map((vector) => Math.sqrt(dot(vector, vector)))
  const to = from + 1
  if (!lengths.every((length) => length > 0)) {
    const weights = lerpWeights(fraction)
    return latents.map((_, at) => (at === from || at === to ? weights[at - from] : 0))
  }
  const gram = vectors.map((a, i) => vectors.map((b, k) => dot(a, b) / (lengths[i] * lengths[k])))
  const sphere = new Sphere(gram)
  const duration = durations[from]
  const handle = (at: number, sign: 1 | -1): Coordinates => {
    const tangent = tangentAt(durations, at, (other) => sphere.logarithm(sphere.axis(at), sphere.axis(other)))
    return sphere.exponential(sphere.axis(at), scale(tangent, (sign * duration) / 3))
  }
  const ends = [sphere.axis(from), handle(from, 1), handle(to, -1), sphere.axis(to)]
  const direction = sphere.bezier(ends, fraction)
  // Relative to the length at the start, so that equal lengths stay as they are to the bit.
  const logs = lengths.map((length) => Math.log(length / lengths[from]))
  const slopes = [from, to].map(
    (at) => duration * tangentAt(durations, at, (other) => [logs[other] - logs[at]])[0],
  )
  const length = lengths[from] * Math.exp(hermite([logs[from], logs[to]], slopes, fraction))
  return direction.map((coordinate, at) => (coordinate * length) / lengths[at])
}

/**
 * Returns the derivative with respect to frames at a stop: that of the parabola through it and both
 * neighbours, or the slope towards the only neighbour.
 *
 * @param difference  returns the vector from the stop to a neighbour
 */
function tangentAt(
  durations: readonly number[],
  at: number,
  difference: (neighbour: number) => Coordinates,
): Coordinates {
  const [before, after] = [durations[at - 1], durations[at]]
  const back = before === undefined ? null : scale(difference(at - 1), -1 / before)
  const forth = after === undefined ? null : scale(difference(at + 1), 1 / after)
  if (!back || !forth) return (back ?? forth)!
  return add(scale(back, after / (before + after)), scale(forth, before / (before + after)))
}

/** The unit sphere, in coordinates over unit vectors of which only the inner products are known. */
class Sphere {
  constructor(private readonly gram: readonly (readonly number[])[]) {}

  /** Returns one of the unit vectors that coordinates refer to. */
  axis(at: number): Coordinates {
    return this.gram.map((_, i) => (i === at ? 1 : 0))
  }

  /** Returns the tangent at `p` of the great circle to `q`, as long as the angle; 0 if it is not unique. */
  logarithm(p: Coordinates, q: Coordinates): Coordinates {
    const cosine = this.dot(p, q)
    const across = add(q, scale(p, -cosine))
    const sine = this.norm(across)
    return sine < shortest ? scale(p, 0) : scale(across, Math.atan2(sine, cosine) / sine)
  }

  /** Returns the point that a tangent at `p` leads to. */
  exponential(p: Coordinates, tangent: Coordinates): Coordinates {
    const angle = this.norm(tangent)
    if (angle < shortest) return p
    return add(scale(p, Math.cos(angle)), scale(tangent, Math.sin(angle) / angle))
  }

  /** Evaluates a Bézier curve by de Casteljau's construction with slerp. */
  bezier(points: readonly Coordinates[], fraction: number): Coordinates {
    if (points.length === 1) return points[0]
    const between = points.slice(1).map((point, i) => this.slerp(points[i], point, fraction))
    return this.bezier(between, fraction)
  }

  private slerp(p: Coordinates, q: Coordinates, fraction: number): Coordinates {
    const cosine = this.dot(p, q)
    const angle = Math.atan2(this.norm(add(q, scale(p, -cosine))), cosine)
    const [a, b] = slerpWeights(angle, fraction)
    return add(scale(p, a), scale(q, b))
  }

  private dot(a: Coordinates, b: Coordinates): number {
    return this.gram.reduce((sum, row, i) => sum + a[i] * row.reduce((inner, g, k) => inner + g * b[k], 0), 0)
  }

  private norm(a: Coordinates): number {
    return Math.sqrt(Math.max(0, this.dot(a, a)))
  }
}

/** Evaluates at `t` the cubic from the first value to the second with these slopes at its ends. */
function hermite([from, to]: readonly number[], [start, end]: readonly number[], t: number): number {
  const [rise, quadratic] = [to - from, 3 * (to - from) - 2 * start - end]
  return from + t * (start + t * (quadratic + t * (start + end - 2 * rise)))
}

function add(a: Coordinates, b: Coordinates): Coordinates {
  return a.map((value, i) => value + b[i])
}

function scale(a: Coordinates, factor: number): Coordinates {
  return a.map((value) => value * factor)
}
