import { InvalidArgumentError } from 'commander'
import type { Limits } from '#shared/limits'
import type { FitSettings } from '#shared/pictureSource'

/**
 * Parsers of commander's: from what stands on the command line to a value. What they refuse becomes one sentence that
 * names the option.
 */

/** A path; the empty one is no path, but what an unset variable of a shell leaves. */
export function somePath(text: string): string {
  if (text !== '') return text
  throw new InvalidArgumentError('Give a path.')
}

/**
 * Where to write. A single dash is what other programs call the standard output, which no format here is written to; and
 * what stands in the place of bytes that are no UTF-8 would become another name than the one that was given.
 */
export function outputPath(text: string): string {
  if (text === '-') {
    throw new InvalidArgumentError(
      'Give the path of a file or folder: nothing is written to the standard output.',
    )
  }
  if (text.includes('\uFFFD')) {
    throw new InvalidArgumentError('The name is not written in UTF-8: give another one.')
  }
  return somePath(text)
}

/** The paths of an argument that takes several. */
export function somePaths(text: string, before: string[] = []): string[] {
  return [...before, somePath(text)]
}

/** A parser of whole numbers for commander; where a limit depends on the model, the engine checks it. */
export function wholeNumber(range: Limits) {
  return (text: string): number => numberWithin(text, range, 'whole number', Number.isInteger)
}

/** A parser of numbers, fractions among them. */
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

/** A rectangle of the source picture, in its pixels. */
export function cropRectangle(text: string): FitSettings {
  const [x, y, width, height, ...rest] = text.split(',').map(Number)
  if (rest.length === 0 && x >= 0 && y >= 0 && width > 0 && height > 0) {
    return { mode: 'crop', x, y, width, height }
  }
  throw new InvalidArgumentError('Give four numbers in source pixels: X,Y,WIDTH,HEIGHT.')
}

/** A colour as web pages write it. */
export function colour(text: string): string {
  if (/^#[0-9a-f]{6}$/i.test(text)) return text
  throw new InvalidArgumentError('Give a colour as #rrggbb.')
}

/** A parser of lists for commander, "ddim,2m": each part by a parser of its own. */
export function listOf<Part>(parse: (text: string) => Part) {
  return (text: string): Part[] => text.split(',').map((part) => parse(part.trim()))
}

/** A parser of one of some words. */
export function oneOf<Word extends string>(words: readonly Word[]) {
  return (text: string): Word => {
    const word = words.find((known) => known === text)
    if (word !== undefined) return word
    throw new InvalidArgumentError(`Allowed choices are ${words.join(', ')}.`)
  }
}
