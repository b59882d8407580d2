import type { PictureSize } from '#shared/pictureSource'
import { png } from './containers/png'
import { intactPngChunks } from './containers/pngChunks'
import { hasAllPngRows } from './containers/pngPixels'

/**
 * Whether bytes are a PNG file with correct checksums up to its end. Decompresses nothing, so it is fast, and
 * enough for files that this program wrote.
 *
 * @param size  that it must have; by default, any
 */
export function isIntactPng(bytes: Buffer, size?: PictureSize): boolean {
  if (!png.matches(bytes)) return false
  try {
    let last = ''
    for (const { type } of intactPngChunks(bytes)) last = type
    const { width, height } = png.readHeader(bytes)
    const isOfSize = size === undefined || (width === size.width && height === size.height)
    return isOfSize && last === 'IEND'
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
  return isIntactPng(bytes, size) && (await hasAllPngRows(bytes).catch(() => false))
}
