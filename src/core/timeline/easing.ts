import { DomainError } from '../DomainError'

/** The named curves, in the order in which they are listed everywhere. */
export const easings = ['linear', 'easeIn', 'easeOut', 'easeInOut', 'hold'] as const
export type NamedEasing = (typeof easings)[number]

/** The two handles of a curve from (0, 0) to (1, 1). They lie in [0, 1], so time never runs backwards. */
export type BezierHandles = readonly [x1: number, y1: number, x2: number, y2: number]

/** How time runs within one segment of a timeline. */
export type Easing = NamedEasing | BezierHandles

/** Speed at the start and at the end of a segment: 0 is at rest, 1 is the speed of `linear`. */
const paces: Record<Exclude<NamedEasing, 'hold'>, readonly [start: number, end: number]> = {
  linear: [1, 1],
  easeIn: [0, 1],
  easeOut: [1, 0],
  easeInOut: [0, 0],
}

/**
 * Returns the progress along a segment at `time`, both on [0, 1]. It never decreases, and is exactly 0 at 0
 * and 1 at 1.
 *
 * The named curves are cubic Hermite polynomials between these two points that differ only in the speed at
 * their ends, so `easeIn`, `linear` and `easeOut` segments of equal length follow one another without a jerk.
 * `hold` stays at the start and jumps at the end. Handles give the curve of CSS's `cubic-bezier()`.
 *
 * @throws DomainError when `time` is outside [0, 1]
 */
export function ease(easing: Easing, time: number): number {
  if (!(time >= 0 && time <= 1)) throw new DomainError(`Time ${time} is outside a segment, 0 to 1.`)
  if (typeof easing !== 'string') return easeByHandles(easing, time)
  if (easing === 'hold') return time < 1 ? 0 : 1
  const [start, end] = paces[easing]
  const quadratic = 3 - 2 * start - end
  const cubic = start + end - 2
  return time * (start + time * (quadratic + time * cubic))
}

/** Bisections of [0, 1] that exhaust the precision of a double. */
const halvings = 54

function easeByHandles([x1, y1, x2, y2]: BezierHandles, time: number): number {
  if (time === 0 || time === 1) return time
  let [low, high] = [0, 1]
  // Bisection needs no slope, which is 0 where a handle points straight up.
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2
    if (bezierAt(middle, x1, x2) < time) low = middle
    else high = middle
  }
  return Math.min(1, bezierAt((low + high) / 2, y1, y2))
}

/** Returns a coordinate of the curve at parameter `u`. */
function bezierAt(u: number, first: number, second: number): number {
  const rest = 1 - u
  return 3 * rest * rest * u * first + 3 * rest * u * u * second + u * u * u
}

/** Returns the same curve as two handles, for drawing and editing; null for `hold`, which is no curve. */
export function easingHandles(easing: Easing): BezierHandles | null {
  if (typeof easing !== 'string') return easing
  if (easing === 'hold') return null
  const [start, end] = paces[easing]
  return [1 / 3, start / 3, 2 / 3, 1 - end / 3]
}
