import { StudioError } from '#shared/errors'
import type { CodingLimit, ContainerHeader } from './containers/container'

/** The largest picture that is opened: 64 mebipixels, so that a 64-megapixel camera's fit. */
export const pictureLimits = { pixels: 8192 * 8192, side: 30_000, bytes: 100_000_000 } as const

/** Larger pictures are kept at half their width and height: decoded, they take four bytes a pixel, and no model sees so many. */
const mostPixelsKept = 2 ** 25

/** How many pixels of a picture, along each side, become one that is kept: 1 or 2. */
export function reductionOf({ width, height }: { readonly width: number; readonly height: number }): number {
  return width * height > mostPixelsKept ? 2 : 1
}

/** Bytes that a decoder may take for a picture: with all else, the engine stays under half a gigabyte. */
const mostDecoderBytes = 400_000_000

/**
 * The limit of a coding whose decoder takes some bytes for each pixel.
 *
 * @param of  "a lossless WebP picture"
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

/** @throws StudioError BAD_PICTURE when a file of this size is too large to be read */
export function checkFileSize(bytes: number, name: string): void {
  if (bytes > pictureLimits.bytes) {
    throw tooLarge(name, `has ${(bytes / 1e6).toFixed(0)} MB`, `is ${pictureLimits.bytes / 1e6} MB`)
  }
}

/** @throws StudioError BAD_PICTURE when a picture of this size, or of this size and coding, is too large to be decoded */
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
