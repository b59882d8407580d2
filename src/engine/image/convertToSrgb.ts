import { deflateSync } from 'node:zlib'
import { loadImage } from '@napi-rs/canvas'
import { encodePngChunk } from './containers/pngChunks'
import { encodeProfileChunk } from './containers/pngColour'
import { imageStrips } from './imagePixels'
import type { Pixels } from '#core/picture/pixels'
import { encodePngHead, pngEnd } from './pngWriter'

/** Rows converted at once. */
const stripRows = 256

/**
 * Encodes rows as a PNG file that carries a profile. Unfiltered and uncompressed, because it is decoded
 * right away.
 */
function stripFile(rows: Buffer, width: number, profile: Uint8Array): Buffer {
  const height = rows.length / (width * 4)
  const lines = Array.from({ length: height }, (_, y) => [
    Buffer.of(0),
    rows.subarray(y * width * 4, (y + 1) * width * 4),
  ])
  const pixelData = deflateSync(Buffer.concat(lines.flat()), { level: 0 })
  return Buffer.concat([
    encodePngHead(width, height, 4, encodeProfileChunk(profile)),
    encodePngChunk('IDAT', pixelData),
    pngEnd,
  ])
}

/**
 * Converts a picture, in place, from the colours of an ICC profile to sRGB. This uses Skia, which accepts
 * profiles only in files, so the pixels are passed as PNG, strip by strip. A profile that Skia cannot read
 * changes nothing.
 */
export async function convertToSrgb({ data, width, height }: Pixels, profile: Uint8Array): Promise<void> {
  for (let top = 0; top < height; top += stripRows) {
    const [from, to] = [top * width * 4, Math.min(height, top + stripRows) * width * 4]
    const image = await loadImage(stripFile(Buffer.from(data.buffer, from, to - from), width, profile))
    // Of a very wide picture, even these rows are several strips.
    for await (const { strip, top: row } of imageStrips(image, 1))
      data.set(strip.data, from + row * width * 4)
  }
}
