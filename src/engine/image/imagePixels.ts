import { setImmediate } from 'node:timers/promises'
import { createCanvas, type Image, type ImageData } from '@napi-rs/canvas'
import { type Orientation, swapsSides, uprightTransform } from './orientation'
import { reductionOf } from './pictureLimits'
import { createPixels, halve, type Pixels } from '#core/picture/pixels'

/**
 * Pixels read back at once: few enough not to hold the decoded picture a third time, but not too few, because
 * with some decoders the whole picture is copied each time a part of it is drawn.
 */
const stripPixels = 2 ** 22

/** The part of an upright picture that starts at row `top`. */
export interface Strip {
  readonly strip: ImageData
  readonly top: number
}

/**
 * Yields a decoded image, upright, in strips from the bottom up, because pixels that a decoder could not fill
 * are mostly at the bottom. Each strip starts at a multiple of 64 rows.
 */
export async function* imageStrips(image: Image, orientation: Orientation): AsyncGenerator<Strip> {
  const [a, b, c, d, e, f] = uprightTransform(orientation, image.width, image.height)
  const [width, height] = swapsSides(orientation) ? [image.height, image.width] : [image.width, image.height]
  const stripRows = 64 * Math.max(1, Math.floor(stripPixels / 64 / width))
  const context = createCanvas(width, Math.min(height, stripRows)).getContext('2d')
  context.imageSmoothingEnabled = false
  for (let top = Math.floor((height - 1) / stripRows) * stripRows; top >= 0; top -= stripRows) {
    const bottom = Math.min(height, top + stripRows)
    context.resetTransform()
    context.clearRect(0, 0, width, stripRows)
    context.setTransform(a, b, c, d, e, f - top)
    context.drawImage(image, 0, 0)
    yield { strip: context.getImageData(0, 0, width, bottom - top), top }
    // A strip's memory is released only between two turns of the event loop.
    await setImmediate()
  }
}

/**
 * Reads a decoded image back as upright pixels, reduced if it is very large. `onStrip` is called with each
 * strip and can reject the image by throwing.
 */
export async function readImagePixels(
  image: Image,
  orientation: Orientation,
  onStrip?: (strip: ImageData) => void,
): Promise<Pixels> {
  const [width, height] = swapsSides(orientation) ? [image.height, image.width] : [image.width, image.height]
  const reduction = reductionOf(image)
  const pixels = createPixels(Math.ceil(width / reduction), Math.ceil(height / reduction))
  for await (const { strip, top } of imageStrips(image, orientation)) {
    onStrip?.(strip)
    pixels.data.set(reduced(strip, reduction).data, (top / reduction) * pixels.width * 4)
  }
  return pixels
}

/** Reduces a strip by a factor of 1 or 2. */
export function reduced(
  { data, width, height }: Pick<ImageData, 'data' | 'width' | 'height'>,
  reduction: number,
) {
  const pixels = { data: data as Pixels['data'], width, height }
  return reduction === 1 ? pixels : halve(pixels)
}
