/** Numbers as people type them. */
import { formatCount } from './quantities'

/** The numbers that a field accepts, both ends included. */
export interface NumberRange {
  readonly min: number
  readonly max: number
  /** Whether it accepts whole numbers only. */
  readonly whole: boolean
}

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const groupedNumber = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$/

/** Parses a number with a decimal point, perhaps with an exponent: 0.5, .5, -2, 1e3. NaN for any other text. */
export function parsePlainNumber(text: string): number {
  return plainNumber.test(text) ? Number(text) : NaN
}

/**
 * Reads all of a typed text as one number. A comma separates thousands where the number is in range then, as in
 * "1,000"; otherwise it is a decimal comma, as in "29,97", which no whole number has.
 *
 * @returns null if the text is no number, or not one of the range
 */
export function readNumber(text: string, range: NumberRange): number | null {
  const typed = text.trim().replace('−', '-')
  const readings = [
    groupedNumber.test(typed) ? typed.replaceAll(',', '') : typed,
    range.whole || typed.includes('.') ? typed : typed.replace(',', '.'),
  ]
  return readings.map(parsePlainNumber).find((value) => isInRange(value, range)) ?? null
}

function isInRange(value: number, { min, max, whole }: NumberRange): boolean {
  return value >= min && value <= max && (!whole || Number.isInteger(value))
}

/** Describes what a field accepts: "a whole number from 1 to 100,000". */
export function describeRange({ min, max, whole }: NumberRange): string {
  return `a ${whole ? 'whole ' : ''}number from ${formatEnd(min)} to ${formatEnd(max)}`
}

function formatEnd(value: number): string {
  return (Number.isInteger(value) ? formatCount(value) : String(value)).replace('-', '−')
}
