import { setImmediate } from 'node:timers/promises'
import { createCanvas, type Image, type ImageData } from '@napi-rs/canvas'
import { type Orientation, swapsSides, uprightTransform } from './orientation'
import { createPixels, type Pixels } from './pixels'

/** Rows read back at once: the decoded picture is not held a third time. */
const stripRows = 256

/** The part of an upright picture that begins with row `top`. */
export interface Strip {
  readonly strip: ImageData
  readonly top: number
}

/** A decoded image upright, in strips from the bottom up: what a decoder could not fill is mostly there. */
export async function* imageStrips(image: Image, orientation: Orientation): AsyncGenerator<Strip> {
  const [a, b, c, d, e, f] = uprightTransform(orientation, image.width, image.height)
  const [width, height] = swapsSides(orientation) ? [image.height, image.width] : [image.width, image.height]
  const context = createCanvas(width, Math.min(height, stripRows)).getContext('2d')
  context.imageSmoothingEnabled = false
  for (let bottom = height; bottom > 0; bottom -= stripRows) {
    const top = Math.max(0, bottom - stripRows)
    context.resetTransform()
    context.clearRect(0, 0, width, stripRows)
    context.setTransform(a, b, c, d, e, f - top)
    context.drawImage(image, 0, 0)
    yield { strip: context.getImageData(0, 0, width, bottom - top), top }
    // The memory behind a strip is given back only between two turns of the event loop.
    await setImmediate()
  }
}

/** Reads a decoded image back as upright pixels. `onStrip` can refuse it before the memory is taken. */
export async function readImagePixels(
  image: Image,
  orientation: Orientation,
  onStrip?: (strip: ImageData) => void,
): Promise<Pixels> {
  const [width, height] = swapsSides(orientation) ? [image.height, image.width] : [image.width, image.height]
  const pixels = createPixels(width, height)
  for await (const { strip, top } of imageStrips(image, orientation)) {
    onStrip?.(strip)
    pixels.data.set(strip.data, top * width * 4)
  }
  return pixels
}
