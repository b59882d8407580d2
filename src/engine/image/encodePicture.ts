import { createCanvas, ImageData } from '@napi-rs/canvas'
import { encodePngChunk } from './containers/pngChunks'
import { isOpaque, type Pixels } from './pixels'
import { compressPngPixels, encodePngHead, pngEnd } from './pngWriter'
import { resample } from './resample'

/**
 * A picture as a lossless PNG file. Own code, for the decoder's library would write alpha where there is none and keep
 * colours only as precise as premultiplied alpha leaves them.
 *
 * @param chunks  encoded chunks to put before the pixels, text for example
 */
export async function encodePng(pixels: Pixels, chunks: readonly Uint8Array[] = []): Promise<Uint8Array> {
  const channels = isOpaque(pixels) ? 3 : 4
  const idat = encodePngChunk('IDAT', await compressPngPixels(pixels, channels))
  return Buffer.concat([encodePngHead(pixels.width, pixels.height, channels), ...chunks, idat, pngEnd])
}

/** An opaque picture as a WebP file. Quality 1 to 99 is lossy, 100 lossless. */
export async function encodeWebp(pixels: Pixels, quality: number): Promise<Uint8Array> {
  const canvas = createCanvas(pixels.width, pixels.height)
  canvas.getContext('2d').putImageData(new ImageData(pixels.data, pixels.width, pixels.height), 0, 0)
  return canvas.encode('webp', quality)
}

/** A picture a whole number of times larger, by Lanczos-3; transparent parts turn white. */
export function upscale(pixels: Pixels, factor: number): Pixels {
  const whole = { x: 0, y: 0, width: pixels.width, height: pixels.height }
  return factor === 1 ? pixels : resample(pixels, whole, pixels.width * factor, pixels.height * factor)
}
