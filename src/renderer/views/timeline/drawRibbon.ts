import type { FrameQuality } from '../../playback/pickFrames'

/** What the ribbon shows: frames `start` to `start + span`, possibly fractional, over its width. */
export interface Ribbon {
  start: number
  span: number
  total: number
  density: number
  /** Returns the frame nearest to this one, at most `reach` frames away. */
  frameNear: (frame: number, reach: number) => ImageBitmap | null
  qualityAt: (frame: number) => FrameQuality | null
  colours: Record<keyof typeof ribbonTokens, string>
}

/** The tokens of the ribbon's colours. */
export const ribbonTokens = { empty: '--checker', draft: '--text-3', final: '--accent' } as const

/** Height of the line that shows how finished each frame is, and of the gap above it. */
const lineHeight = 2
const lineGap = 3

/**
 * Draws the film as a row of squares, each with a frame from its stretch if one is available, and the line
 * below.
 */
export function drawRibbon(context: CanvasRenderingContext2D, ribbon: Ribbon): void {
  const { width, height } = context.canvas
  const film = height - (lineHeight + lineGap) * ribbon.density
  context.fillStyle = ribbon.colours.empty
  context.fillRect(0, 0, width, film)
  context.imageSmoothingQuality = 'high'
  const slots = Math.max(1, Math.round(width / film))
  const side = width / slots
  for (let slot = 0; slot < slots; slot++) {
    const middle = ribbon.start + ((slot + 0.5) / slots) * ribbon.span
    const frame = Math.min(ribbon.total - 1, Math.round(middle))
    const bitmap = ribbon.frameNear(frame, Math.ceil(ribbon.span / slots / 2))
    if (bitmap && bitmap.width > 0)
      drawCovering(context, bitmap, { x: slot * side, width: side, height: film })
  }
  drawQuality(context, ribbon, height - lineHeight * ribbon.density)
}

/** Draws the middle of a frame so that it fills a box at the top of the canvas. */
function drawCovering(
  context: CanvasRenderingContext2D,
  bitmap: ImageBitmap,
  { x, width, height }: { readonly x: number; readonly width: number; readonly height: number },
): void {
  const scale = Math.max(width / bitmap.width, height / bitmap.height)
  const [cutWidth, cutHeight] = [width / scale, height / scale]
  const left = (bitmap.width - cutWidth) / 2
  const top = (bitmap.height - cutHeight) / 2
  context.drawImage(bitmap, left, top, cutWidth, cutHeight, x, 0, width, height)
}

function drawQuality(context: CanvasRenderingContext2D, ribbon: Ribbon, y: number): void {
  const columns = Math.min(Math.ceil(ribbon.span) + 1, context.canvas.width)
  const step = context.canvas.width / columns
  for (let column = 0; column < columns; column++) {
    const frame = Math.round(ribbon.start + ((column + 0.5) / columns) * ribbon.span)
    const quality = ribbon.qualityAt(Math.min(ribbon.total - 1, frame))
    context.fillStyle = quality ? ribbon.colours[quality] : ribbon.colours.empty
    // One pixel wider, so that no gap shows between frames.
    context.fillRect(column * step, y, step + 1, lineHeight * ribbon.density)
  }
}
