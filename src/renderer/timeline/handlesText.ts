import type { BezierHandles } from '#core/timeline/easing'

/** Formats the handles of a curve as four numbers. */
export function writeHandles(handles: BezierHandles): string {
  return handles.map((part) => part.toFixed(2)).join(', ')
}

/** A number with a decimal point or comma, perhaps followed by the comma that separates it from the next. */
const spacedNumber = /^-?\d*[.,]?\d+,?$/

/**
 * Reads four numbers from 0 to 1, also as CSS writes them: `cubic-bezier(0.4, 0, 0.2, 1)`. Decimal commas are read
 * between spaces or semicolons: `0,4; 0; 0,2; 1`. Null for any other text.
 */
export function readHandles(text: string): BezierHandles | null {
  const parts = numbersOf(text)
  if (parts.length !== 4 || parts.some((part) => part < 0 || part > 1)) return null
  const [x1, y1, x2, y2] = parts
  return [x1, y1, x2, y2]
}

function numbersOf(text: string): number[] {
  const words = text
    .replace(/^\s*cubic-bezier\(|\)\s*$/g, '')
    .trim()
    .split(/[;\s]+/)
  return words.length === 4 && words.every((word) => spacedNumber.test(word))
    ? words.map((word) => Number(word.replace(/,$/, '').replace(',', '.')))
    : (text.match(/-?\d*\.?\d+/g) ?? []).map(Number)
}
