import { enlarge, type Enlargement } from '#core/picture/enlarge'
import { canvasOfPixels, pixelsOfBitmap } from '../base/bitmapPixels'

/**
 * The longest side, in pixels, up to which enlarging a picture as exports do is worthwhile. The canvas enlarges
 * it further.
 */
const longestSide = 512

const kept = new WeakMap<ImageBitmap, Map<Enlargement, OffscreenCanvas>>()

/**
 * Enlarges a small picture by a whole factor, as exports do, to at most 512 pixels. The result is cached with
 * the bitmap.
 */
export function enlargedBitmap(bitmap: ImageBitmap, enlargement: Enlargement): OffscreenCanvas | ImageBitmap {
  const factor = Math.floor(longestSide / Math.max(bitmap.width, bitmap.height))
  if (factor < 2) return bitmap
  const ways = kept.get(bitmap) ?? new Map<Enlargement, OffscreenCanvas>()
  kept.set(bitmap, ways)
  const canvas = ways.get(enlargement) ?? canvasOfPixels(enlarge(pixelsOfBitmap(bitmap), factor, enlargement))
  ways.set(enlargement, canvas)
  return canvas
}
