import { enlarge, type Enlargement } from '#core/picture/enlarge'
import { canvasOfPixels, pixelsOfBitmap } from '../base/bitmapPixels'

/** The longer side, in pixels, up to which enlarging as exports do is worth its time: what remains is done by the canvas. */
const longestSide = 512

const kept = new WeakMap<ImageBitmap, Map<Enlargement, OffscreenCanvas>>()

/** A small picture enlarged as an export would be, whole times, to 512 pixels at most; kept as long as the bitmap is. */
export function enlargedBitmap(bitmap: ImageBitmap, enlargement: Enlargement): OffscreenCanvas | ImageBitmap {
  const factor = Math.floor(longestSide / Math.max(bitmap.width, bitmap.height))
  if (factor < 2) return bitmap
  const ways = kept.get(bitmap) ?? new Map<Enlargement, OffscreenCanvas>()
  kept.set(bitmap, ways)
  const canvas = ways.get(enlargement) ?? canvasOfPixels(enlarge(pixelsOfBitmap(bitmap), factor, enlargement))
  ways.set(enlargement, canvas)
  return canvas
}
