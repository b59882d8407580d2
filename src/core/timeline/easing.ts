/** How time runs within one segment of a timeline. */
export const easings = ['linear', 'easeIn', 'easeOut', 'easeInOut'] as const
export type Easing = (typeof easings)[number]

/** Pace at the start and at the end of a segment: 0 is at rest, 1 the pace of `linear`. */
const paces: Record<Easing, readonly [start: number, end: number]> = {
  linear: [1, 1],
  easeIn: [0, 1],
  easeOut: [1, 0],
  easeInOut: [0, 0],
}

/**
 * How far along a segment is at `time`, both on [0, 1], rising throughout, 0 at 0 and 1 at 1 exactly.
 *
 * All easings are the cubic Hermite polynomial between these two points and differ only in the pace at its ends, so
 * `easeIn`, `linear` and `easeOut` segments of equal length follow one another without a jerk.
 *
 * @throws RangeError when `time` is outside [0, 1]
 */
export function ease(easing: Easing, time: number): number {
  if (!(time >= 0 && time <= 1)) throw new RangeError(`Time ${time} is outside a segment, 0 to 1.`)
  const [start, end] = paces[easing]
  const quadratic = 3 - 2 * start - end
  const cubic = start + end - 2
  return time * (start + time * (quadratic + time * cubic))
}

/**
 * The same curve as a cubic Bézier on the unit square, from (0, 0) to (1, 1), for drawing it: its two handles.
 */
export function easingHandles(easing: Easing): [x1: number, y1: number, x2: number, y2: number] {
  const [start, end] = paces[easing]
  return [1 / 3, start / 3, 2 / 3, 1 - end / 3]
}
