import { createCanvas, ImageData } from '@napi-rs/canvas'
import { encodePngChunk } from './containers/pngChunks'
import { isOpaque, type Pixels } from '#core/picture/pixels'
import { compressPngPixels, encodePngHead, pngEnd } from './pngWriter'

/**
 * Encodes a picture as a lossless PNG file. The decoder's library is not used because it would write alpha
 * where there is none, and reduce colours to the precision of premultiplied alpha.
 *
 * @param chunks  encoded chunks to insert before the pixels, for example text
 */
export async function encodePng(pixels: Pixels, chunks: readonly Uint8Array[] = []): Promise<Uint8Array> {
  const channels = isOpaque(pixels) ? 3 : 4
  const idat = encodePngChunk('IDAT', await compressPngPixels(pixels, channels))
  return Buffer.concat([encodePngHead(pixels.width, pixels.height, channels), ...chunks, idat, pngEnd])
}

/** Encodes an opaque picture as a WebP file. Quality 1 to 99 is lossy, 100 lossless. */
export async function encodeWebp(pixels: Pixels, quality: number): Promise<Uint8Array> {
  const canvas = createCanvas(pixels.width, pixels.height)
  canvas.getContext('2d').putImageData(new ImageData(pixels.data, pixels.width, pixels.height), 0, 0)
  return canvas.encode('webp', quality)
}
