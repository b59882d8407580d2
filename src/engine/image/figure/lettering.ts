import { join } from 'node:path'
import { GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'
import { findInstallation } from '#files/installation'

/** How figures are lettered; where a machine lacks a letter of Inter, its own fonts step in. */
const family = 'Slerp Studio Figures'
const fontFile = 'fonts/inter-latin-wght-normal.woff2'

/** Text in the sizes and weights that figures use. */
export interface Lettering {
  readonly size: number
  readonly weight?: 400 | 600
  readonly colour?: string
  readonly align?: 'left' | 'center' | 'right'
}

/** Dark and light grey of the lettering, readable on white. */
export const ink = '#1f2328'
export const mutedInk = '#5b636d'

function registerFont(): void {
  if (!GlobalFonts.has(family))
    GlobalFonts.registerFromPath(join(findInstallation().resources, fontFile), family)
}

/** A stretch of text on one baseline, in parts of the size. */
interface Run {
  readonly text: string
  readonly size: number
  readonly raise: number
}

const scripts: Record<string, Omit<Run, 'text'>> = {
  '^': { size: 0.72, raise: 0.36 },
  _: { size: 0.72, raise: -0.18 },
}

/** Splits "10^{-3}" and "x_{T}" into their runs. */
function parseRuns(text: string): Run[] {
  return text.split(/([\^_]\{[^}]*\})/).flatMap((part): Run[] => {
    if (part === '') return []
    const script = /^[\^_]\{/.test(part) ? scripts[part[0]] : undefined
    return script ? [{ text: part.slice(2, -1), ...script }] : [{ text: part, size: 1, raise: 0 }]
  })
}

function setFont(context: SKRSContext2D, size: number, weight: number): void {
  context.font = `${weight} ${size}px "${family}", sans-serif`
}

/** Width of a text in pixels. */
export function measureText(context: SKRSContext2D, text: string, { size, weight = 400 }: Lettering): number {
  registerFont()
  return parseRuns(text).reduce((width, run) => {
    setFont(context, size * run.size, weight)
    return width + context.measureText(run.text).width
  }, 0)
}

/** Writes a text; `^{…}` raises and `_{…}` lowers a part. `y` is the middle of its small letters. */
export function drawText(
  context: SKRSContext2D,
  text: string,
  [x, y]: readonly [number, number],
  lettering: Lettering,
): void {
  const { size, weight = 400, colour = ink, align = 'left' } = lettering
  const share = { left: 0, center: 0.5, right: 1 }[align]
  let left = x - share * measureText(context, text, lettering)
  context.fillStyle = colour
  context.textAlign = 'left'
  context.textBaseline = 'alphabetic'
  for (const run of parseRuns(text)) {
    setFont(context, size * run.size, weight)
    context.fillText(run.text, left, y + size * (0.35 - run.raise))
    left += context.measureText(run.text).width
  }
}
