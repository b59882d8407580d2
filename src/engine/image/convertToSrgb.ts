import { deflateSync } from 'node:zlib'
import { loadImage } from '@napi-rs/canvas'
import { encodePngChunk } from './containers/pngChunks'
import { encodeProfileChunk } from './containers/pngColour'
import { imageStrips } from './imagePixels'
import type { Pixels } from '#core/picture/pixels'
import { encodePngHead, pngEnd } from './pngWriter'

/** Rows converted at once. */
const stripRows = 256

/** Rows of pixels, and the profile of their colours. */
interface Strip {
  /** RGBA. */
  readonly rows: Buffer
  readonly width: number
  readonly profile: Uint8Array
  readonly isGrey: boolean
}

/**
 * Encodes rows as a PNG file that carries a profile. Unfiltered and uncompressed, because it is decoded
 * right away.
 */
function stripFile({ rows, width, profile, isGrey }: Strip): Buffer {
  const height = rows.length / (width * 4)
  const lines = Array.from({ length: height }, (_, y) => {
    const row = rows.subarray(y * width * 4, (y + 1) * width * 4)
    return [Buffer.of(0), isGrey ? greyAndAlpha(row) : row]
  })
  const pixelData = deflateSync(Buffer.concat(lines.flat()), { level: 0 })
  return Buffer.concat([
    encodePngHead(width, height, isGrey ? 2 : 4, encodeProfileChunk(profile)),
    encodePngChunk('IDAT', pixelData),
    pngEnd,
  ])
}

function greyAndAlpha(row: Buffer): Buffer {
  const out = Buffer.alloc(row.length / 2)
  for (let from = 0, to = 0; to < out.length; from += 4) {
    out[to++] = row[from]
    out[to++] = row[from + 3]
  }
  return out
}

/** Whether a profile describes shades of grey (ICC.1:2022, section 7.2.6). */
function isGreyProfile(profile: Uint8Array): boolean {
  return Buffer.from(profile.subarray(16, 20)).toString('latin1') === 'GRAY'
}

function hasOnlyGrey({ data }: Pixels): boolean {
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false
  }
  return true
}

/**
 * Converts a picture, in place, from the colours of an ICC profile to sRGB. This uses Skia, which accepts
 * profiles only in files, so the pixels are passed as PNG, strip by strip. A profile that Skia cannot read
 * changes nothing, and neither does one of grey if the picture has colours.
 */
export async function convertToSrgb(pixels: Pixels, profile: Uint8Array): Promise<void> {
  const { data, width, height } = pixels
  const isGrey = isGreyProfile(profile) && hasOnlyGrey(pixels)
  for (let top = 0; top < height; top += stripRows) {
    const [from, to] = [top * width * 4, Math.min(height, top + stripRows) * width * 4]
    const rows = Buffer.from(data.buffer, from, to - from)
    const image = await loadImage(stripFile({ rows, width, profile, isGrey }))
    // Of a very wide picture, even these rows are several strips.
    for await (const { strip, top: row } of imageStrips(image, 1))
      data.set(strip.data, from + row * width * 4)
  }
}
