import { createCanvas, ImageData, loadImage } from '@napi-rs/canvas'
import type { Pixels } from './pixels'
import { resample } from './resample'

/** A picture as a PNG file. Lossless for opaque pictures. */
export async function encodePng(pixels: Pixels): Promise<Uint8Array> {
  const canvas = createCanvas(pixels.width, pixels.height)
  canvas.getContext('2d').putImageData(new ImageData(pixels.data, pixels.width, pixels.height), 0, 0)
  return canvas.encode('png')
}

/** Reads a PNG file of our own making back; what people bring goes through `openPicture`, which trusts nothing. */
export async function decodePng(png: Uint8Array): Promise<Pixels> {
  const image = await loadImage(png)
  const context = createCanvas(image.width, image.height).getContext('2d')
  context.drawImage(image, 0, 0)
  return context.getImageData(0, 0, image.width, image.height)
}

/** A picture a whole number of times larger, by Lanczos-3; transparent parts turn white. */
export function upscale(pixels: Pixels, factor: number): Pixels {
  const whole = { x: 0, y: 0, width: pixels.width, height: pixels.height }
  return factor === 1 ? pixels : resample(pixels, whole, pixels.width * factor, pixels.height * factor)
}
