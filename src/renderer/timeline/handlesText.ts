import type { BezierHandles } from '#core/timeline/easing'

/** Writes the handles of a curve as four numbers. */
export function writeHandles(handles: BezierHandles): string {
  return handles.map((part) => part.toFixed(2)).join(', ')
}

/** Reads four numbers from 0 to 1, also as CSS writes them: `cubic-bezier(0.4, 0, 0.2, 1)`. Null for any other text. */
export function readHandles(text: string): BezierHandles | null {
  const parts = (text.match(/-?\d*\.?\d+/g) ?? []).map(Number)
  if (parts.length !== 4 || parts.some((part) => part < 0 || part > 1)) return null
  const [x1, y1, x2, y2] = parts
  return [x1, y1, x2, y2]
}
