import { StudioError } from '#shared/errors'

/** The largest picture that is opened: 64 mebipixels, so that a 64-megapixel camera's fit. */
export const pictureLimits = { pixels: 8192 * 8192, side: 30_000, bytes: 100_000_000 } as const

/** Larger pictures are kept at half their width and height: decoded, they take four bytes a pixel, and no model sees so many. */
const mostPixelsKept = 2 ** 25

/** How many pixels of a picture, along each side, become one that is kept: 1 or 2. */
export function reductionOf({ width, height }: { readonly width: number; readonly height: number }): number {
  return width * height > mostPixelsKept ? 2 : 1
}

function tooLarge(name: string, size: string, limit: string): StudioError {
  return new StudioError('BAD_PICTURE', `"${name}" ${size}; the limit is ${limit}. Scale it down first.`, {
    name,
  })
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** @throws StudioError BAD_PICTURE when a file of this size is too large to be read */
export function checkFileSize(bytes: number, name: string): void {
  if (bytes > pictureLimits.bytes) {
    throw tooLarge(name, `has ${(bytes / 1e6).toFixed(0)} MB`, `${pictureLimits.bytes / 1e6} MB`)
  }
}

/** @throws StudioError BAD_PICTURE when a picture of this size is too large to be decoded */
export function checkPixelSize(width: number, height: number, name: string): void {
  const size = `is ${count(width)} x ${count(height)} pixels`
  if (Math.max(width, height) > pictureLimits.side)
    throw tooLarge(name, size, `${count(pictureLimits.side)} a side`)
  if (width * height > pictureLimits.pixels) {
    const megapixels = ((width * height) / 1e6).toFixed(1)
    throw tooLarge(name, `${size}, ${megapixels} megapixels`, `${(pictureLimits.pixels / 1e6).toFixed(1)}`)
  }
}
