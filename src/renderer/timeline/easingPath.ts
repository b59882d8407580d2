import { easingHandles, type Easing } from '#core/timeline/easing'

/** Returns a small SVG path that shows an easing, `size` units wide and high. */
export function easingPath(easing: Easing, size: number): string {
  const handles = easingHandles(easing)
  const at = (x: number, y: number): string => `${round(x * size)} ${round((1 - y) * size)}`
  if (!handles) return `M${at(0, 0)}L${at(1, 0)}L${at(1, 1)}`
  const [x1, y1, x2, y2] = handles
  return `M${at(0, 0)}C${at(x1, y1)} ${at(x2, y2)} ${at(1, 1)}`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/**
 * Returns an icon for even timing in a square of side `size`: bars of equal height, like the distances between
 * its frames.
 */
export function evenMark(size: number): string {
  return [1, 3, 5].map((sixth) => `M${(sixth * size) / 6} ${size * 0.85}V${size * 0.25}`).join('')
}
