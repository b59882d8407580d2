import { InvalidArgumentError } from 'commander'
import type { Limits } from '#shared/limits'
import type { FitSettings } from '#shared/pictureSource'

/** Commander parsers turn an argument into a value. A refusal becomes a sentence that names the option. */

/** A path. Refuses an empty one, which is what an unset shell variable leaves. */
export function somePath(text: string): string {
  if (text !== '') return text
  throw new InvalidArgumentError('Give a path.')
}

/**
 * A path to write to. Refuses a single dash, which other programs take as standard output, because no format
 * is written there; and the replacement character for bytes that are not UTF-8, because the name would differ
 * from the one given.
 */
export function outputPath(text: string): string {
  if (text === '-') {
    throw new InvalidArgumentError(
      'Give the path of a file or folder: results cannot be written to standard output.',
    )
  }
  if (text.includes('\uFFFD')) {
    throw new InvalidArgumentError('The name is not valid UTF-8: give another one.')
  }
  return somePath(text)
}

/** The paths of an argument that takes several. */
export function somePaths(text: string, before: string[] = []): string[] {
  return [...before, somePath(text)]
}

/** Returns a commander parser of whole numbers; limits that depend on the model are checked by the engine. */
export function wholeNumber(range: Limits) {
  return (text: string): number => numberWithin(text, range, 'whole number', Number.isInteger)
}

/** Returns a parser of numbers, including fractions. */
export function realNumber(range: Limits) {
  return (text: string): number => numberWithin(text, range, 'number', Number.isFinite)
}

function numberWithin(
  text: string,
  { min, max }: Limits,
  what: string,
  isOne: (value: number) => boolean,
): number {
  const value = Number(text)
  if (text.trim() !== '' && isOne(value) && value >= min && value <= max) return value
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  throw new InvalidArgumentError(`Give a ${what} ${range}.`)
}

/** Returns a parser of texts that a schema accepts; `sentence` tells the user what to give. */
export function acceptedBy(schema: { safeParse(text: string): { success: boolean } }, sentence: string) {
  return (text: string): string => {
    if (schema.safeParse(text).success) return text
    throw new InvalidArgumentError(sentence)
  }
}

/** Two numbers that differ. */
export function numberPair(text: string): [number, number] {
  const [low, high, ...rest] = finiteNumbers(text)
  if (rest.length === 0 && high !== undefined && low !== high) return [low, high]
  throw new InvalidArgumentError('Give two numbers, such as 0,1 or 0,255.')
}

/** Parses finite numbers separated by commas; returns an empty list if any part is not a finite number. */
function finiteNumbers(text: string): number[] {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  return numbers.every(Number.isFinite) ? numbers : []
}

/** A rectangle in pixels of the source picture. */
export function cropRectangle(text: string): FitSettings {
  const [x, y, width, height, ...rest] = finiteNumbers(text)
  if (rest.length === 0 && x >= 0 && y >= 0 && width > 0 && height > 0) {
    return { mode: 'crop', x, y, width, height }
  }
  throw new InvalidArgumentError('Give four numbers in source pixels: X,Y,WIDTH,HEIGHT.')
}

/** A colour as in CSS: #rrggbb. */
export function colour(text: string): string {
  if (/^#[0-9a-f]{6}$/i.test(text)) return text
  throw new InvalidArgumentError('Give a colour as #rrggbb.')
}

/** Returns a commander parser of lists such as "ddim,2m", with a parser for each part. */
export function listOf<Part>(parse: (text: string) => Part) {
  return (text: string): Part[] => text.split(',').map((part) => parse(part.trim()))
}

/** Returns a parser that accepts one of several words. */
export function oneOf<Word extends string>(words: readonly Word[]) {
  return (text: string): Word => {
    const word = words.find((known) => known === text)
    if (word !== undefined) return word
    throw new InvalidArgumentError(`Allowed choices are ${words.join(', ')}.`)
  }
}
