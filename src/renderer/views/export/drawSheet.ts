import { contactSheetLayout } from '#core/picture/contactSheetLayout'

/** The longer side of the drawing, in pixels: enough for a preview on a high-density display. */
const longestSide = 1024
const missingColour = '#9a9a9a'

/**
 * Draws a contact sheet as it will be saved, at a small size.
 *
 * @param cells  at least one frame, in order; null for those that are not available
 * @param each  size of a frame on the sheet, in pixels, and whether its pixels are drawn as squares
 */
export function drawSheet(
  cells: readonly (ImageBitmap | null)[],
  each: { width: number; height: number; sharp: boolean },
): ImageBitmap {
  const { columns, gap, width, height } = contactSheetLayout({ ...each, count: cells.length })
  const shrink = Math.min(1, longestSide / Math.max(width, height))
  const canvas = new OffscreenCanvas(Math.ceil(width * shrink), Math.ceil(height * shrink))
  const context = canvas.getContext('2d')!
  context.scale(shrink, shrink)
  context.fillStyle = 'white'
  context.fillRect(0, 0, width, height)
  context.fillStyle = missingColour
  context.imageSmoothingQuality = 'high'
  for (const [at, bitmap] of cells.entries()) {
    const left = gap + (at % columns) * (each.width + gap)
    const top = gap + Math.floor(at / columns) * (each.height + gap)
    // A closed bitmap has size 0 and must not be drawn.
    if (!bitmap || bitmap.width === 0) {
      context.fillRect(left, top, each.width, each.height)
      continue
    }
    // Squares smaller than a pixel look better smoothed.
    context.imageSmoothingEnabled = !each.sharp || each.width * shrink < bitmap.width
    context.drawImage(bitmap, left, top, each.width, each.height)
  }
  return canvas.transferToImageBitmap()
}
