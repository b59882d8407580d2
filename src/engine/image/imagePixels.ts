import { setImmediate } from 'node:timers/promises'
import { createCanvas, type Image, type ImageData } from '@napi-rs/canvas'
import { type Orientation, swapsSides, uprightTransform } from './orientation'
import { createPixels, type Pixels } from './pixels'

/** Rows read back at once: the decoded picture is not held a third time. */
const stripRows = 256

/**
 * Reads a decoded image back as upright pixels, strip by strip from the bottom up: what a decoder could not fill is
 * mostly there, so `onStrip` can refuse it before the memory is taken.
 */
export async function readImagePixels(
  image: Image,
  orientation: Orientation,
  onStrip?: (strip: ImageData) => void,
): Promise<Pixels> {
  const [a, b, c, d, e, f] = uprightTransform(orientation, image.width, image.height)
  const [width, height] = swapsSides(orientation) ? [image.height, image.width] : [image.width, image.height]
  const pixels = createPixels(width, height)
  const context = createCanvas(width, Math.min(height, stripRows)).getContext('2d')
  context.imageSmoothingEnabled = false
  for (let bottom = height; bottom > 0; bottom -= stripRows) {
    const top = Math.max(0, bottom - stripRows)
    context.resetTransform()
    context.clearRect(0, 0, width, stripRows)
    context.setTransform(a, b, c, d, e, f - top)
    context.drawImage(image, 0, 0)
    const strip = context.getImageData(0, 0, width, bottom - top)
    onStrip?.(strip)
    pixels.data.set(strip.data, top * width * 4)
    // The memory behind a strip is given back only between two turns of the event loop.
    await setImmediate()
  }
  return pixels
}
