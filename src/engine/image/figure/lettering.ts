import { join } from 'node:path'
import { GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'
import { findInstallation } from '#files/installation'

/** The font of figures; letters that Inter lacks come from the system's fonts. */
const family = 'Slerp Studio Figures'
const fontFile = 'fonts/inter-latin-wght-normal.woff2'

/** Text style: the sizes and weights that figures use. */
export interface Lettering {
  readonly size: number
  readonly weight?: 400 | 600
  readonly colour?: string
  readonly align?: 'left' | 'center' | 'right'
}

/** Dark and light grey for text, readable on white. */
export const ink = '#1f2328'
export const mutedInk = '#5b636d'

function registerFont(): void {
  if (!GlobalFonts.has(family))
    GlobalFonts.registerFromPath(join(findInstallation().resources, fontFile), family)
}

/** A stretch of text on one baseline; its size and offset are relative to the font size. */
interface Run {
  readonly text: string
  readonly size: number
  readonly raise: number
}

const scripts: Record<string, Omit<Run, 'text'>> = {
  '^': { size: 0.72, raise: 0.36 },
  _: { size: 0.72, raise: -0.18 },
}

/** Splits text such as "10^{-3}" and "x_{T}" into runs. */
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

/** Returns the width of a text in pixels. */
export function measureText(context: SKRSContext2D, text: string, { size, weight = 400 }: Lettering): number {
  registerFont()
  return parseRuns(text).reduce((width, run) => {
    setFont(context, size * run.size, weight)
    return width + context.measureText(run.text).width
  }, 0)
}

/**
 * Draws a text in which `^{…}` raises and `_{…}` lowers a part. `y` is the vertical centre of its
 * lower-case letters.
 */
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
