import { enlarge } from '#core/picture/enlarge'
import { canvasOfPixels, pixelsOfBitmap } from '../base/bitmapPixels'

/** The longer side, in pixels, up to which Lanczos is worth its time: what remains is done by the canvas. */
const longestSide = 512

const kept = new WeakMap<ImageBitmap, OffscreenCanvas>()

/** A small picture enlarged by Lanczos, whole times, to 512 pixels at most; kept as long as the bitmap is. */
export function enlargedByLanczos(bitmap: ImageBitmap): OffscreenCanvas | ImageBitmap {
  const factor = Math.floor(longestSide / Math.max(bitmap.width, bitmap.height))
  if (factor < 2) return bitmap
  const known = kept.get(bitmap)
  if (known) return known
  const canvas = canvasOfPixels(enlarge(pixelsOfBitmap(bitmap), factor, 'lanczos'))
  kept.set(bitmap, canvas)
  return canvas
}
