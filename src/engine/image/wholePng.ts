import { crc32 } from 'node:zlib'
import { png } from './containers/png'
import { pngChunks } from './containers/pngChunks'
import { hasAllPngRows } from './containers/pngPixels'

/** Width and height in pixels. */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** Whether bytes are a PNG file with correct checksums up to its end. Decompresses nothing. */
export function isIntactPng(bytes: Buffer): boolean {
  if (!png.matches(bytes)) return false
  try {
    let last = ''
    for (const { type, checked, crc } of pngChunks(bytes)) {
      if (crc32(checked) !== crc) return false
      last = type
    }
    return last === 'IEND'
  } catch {
    return false
  }
}

/**
 * Whether bytes are an intact PNG file that contains all its pixels, which a decoder would silently leave
 * transparent.
 *
 * @param size  that it must have; by default, any
 */
export async function isWholePng(bytes: Buffer, size?: PictureSize): Promise<boolean> {
  if (!isIntactPng(bytes)) return false
  try {
    const { width, height } = png.readHeader(bytes)
    const isOfSize = size === undefined || (width === size.width && height === size.height)
    return isOfSize && (await hasAllPngRows(bytes))
  } catch {
    return false
  }
}
