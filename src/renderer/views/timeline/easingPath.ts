import type { Easing } from '#core/timeline/easing'

/** Bézier handles of the engine's easings on the unit square: cubics that start and end at rest or at full pace. */
const handles: Record<Easing, [number, number, number, number]> = {
  linear: [1 / 3, 1 / 3, 2 / 3, 2 / 3],
  easeIn: [1 / 3, 0, 2 / 3, 2 / 3],
  easeOut: [1 / 3, 1 / 3, 2 / 3, 1],
  easeInOut: [1 / 3, 0, 2 / 3, 1],
}

/** A small SVG path that shows an easing, `size` units wide and high. */
export function easingPath(easing: Easing, size: number): string {
  const [x1, y1, x2, y2] = handles[easing]
  const at = (x: number, y: number): string => `${round(x * size)} ${round((1 - y) * size)}`
  return `M${at(0, 0)}C${at(x1, y1)} ${at(x2, y2)} ${at(1, 1)}`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
