import { StudioError } from '#shared/errors'
import { largestPictureFile } from '#shared/fileKinds'
import type { CodingLimit, ContainerHeader } from './containers/container'

/** The largest picture that can be opened: 64 mebipixels, enough for 64-megapixel cameras. */
export const pictureLimits = { pixels: 8192 * 8192, side: 30_000, bytes: largestPictureFile } as const

/**
 * Larger pictures are kept at half their width and height, because decoded pixels take four bytes each and no
 * model needs so many.
 */
const mostPixelsKept = 2 ** 25

/** Returns how many pixels of a picture along each side become one that is kept: 1 or 2. */
export function reductionOf({ width, height }: { readonly width: number; readonly height: number }): number {
  return width * height > mostPixelsKept ? 2 : 1
}

/**
 * Limit on a decoder's memory for a picture, in bytes; with everything else, the engine stays under half
 * a gigabyte.
 */
const mostDecoderBytes = 400_000_000

/**
 * Returns the limit of a coding whose decoder needs some number of bytes per pixel.
 *
 * @param of  for example "a lossless WebP picture"
 */
export function limitByMemory(of: string, bytesPerPixel: number): CodingLimit {
  return { of, pixels: Math.floor(mostDecoderBytes / bytesPerPixel) }
}

function tooLarge(name: string, size: string, limit: string): StudioError {
  return new StudioError('BAD_PICTURE', `"${name}" ${size}; the limit ${limit}. Scale it down first.`, {
    name,
  })
}

const megapixels = (pixels: number): string => (pixels / 1e6).toFixed(1)

function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** @throws StudioError BAD_PICTURE if a file of this size is too large to read */
export function checkFileSize(bytes: number, name: string): void {
  if (bytes > pictureLimits.bytes) {
    throw tooLarge(name, `has ${(bytes / 1e6).toFixed(0)} MB`, `is ${pictureLimits.bytes / 1e6} MB`)
  }
}

/**
 * @throws StudioError BAD_PICTURE if a picture of this size, or of this size and coding, is too large
 *   to decode
 */
export function checkPixelSize({ width, height, limit }: ContainerHeader, name: string): void {
  const size = `is ${count(width)} x ${count(height)} pixels`
  if (Math.max(width, height) > pictureLimits.side)
    throw tooLarge(name, size, `is ${count(pictureLimits.side)} a side`)
  const pixels = width * height
  const whole = `${size}, ${megapixels(pixels)} megapixels`
  if (pixels > pictureLimits.pixels) throw tooLarge(name, whole, `is ${megapixels(pictureLimits.pixels)}`)
  if (limit && pixels > limit.pixels)
    throw tooLarge(name, whole, `of ${limit.of} is ${megapixels(limit.pixels)}`)
}
