import { parsePlainNumber } from '#core/format/typedNumber'
import type { BezierHandles } from '#core/timeline/easing'

/** Formats the handles of a curve as four numbers. */
export function writeHandles(handles: BezierHandles): string {
  return handles.map((part) => part.toFixed(2)).join(', ')
}

/**
 * Reads four numbers from 0 to 1, also as CSS writes them: `cubic-bezier(0.4, 0, 0.2, 1)`. Decimal commas are read
 * between spaces or semicolons: `0,4; 0; 0,2; 1`. Null for any other text.
 */
export function readHandles(text: string): BezierHandles | null {
  const parts = numbersOf(text.trim().replace(/^cubic-bezier\((.*)\)\s*;?$/, '$1'))
  if (parts.length !== 4 || !parts.every((part) => part >= 0 && part <= 1)) return null
  const [x1, y1, x2, y2] = parts
  return [x1, y1, x2, y2]
}

function numbersOf(text: string): number[] {
  const spaced = text.trim().split(/[;\s]+/)
  if (spaced.length !== 4) return text.split(/[,;]/).map((word) => parsePlainNumber(word.trim()))
  return spaced.map((word) => parsePlainNumber(word.replace(/,$/, '').replace(',', '.')))
}
