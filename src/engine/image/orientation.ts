import { readTiffIntegers } from './tiffTags'

/**
 * The relation of stored pixels to the upright picture, as in EXIF (CIPA DC-008, tag 0x0112): 1 upright, 2
 * mirrored left to right, 3 rotated by 180°, 4 mirrored top to bottom, 5 transposed, 6 to be rotated
 * clockwise, 7 transversed, 8 to be rotated anticlockwise.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** A 2-D affine transform in the order of canvas arguments: x' = a x + c y + e, y' = b x + d y + f. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

const orientationTag = 0x0112

/** Whether making a picture upright swaps its width and height. */
export function swapsSides(orientation: Orientation): boolean {
  return orientation >= 5
}

/** Returns the transform from stored pixels, `width` x `height`, to the upright picture. */
export function uprightTransform(orientation: Orientation, width: number, height: number): Affine {
  const transforms: Record<Orientation, Affine> = {
    1: [1, 0, 0, 1, 0, 0],
    2: [-1, 0, 0, 1, width, 0],
    3: [-1, 0, 0, -1, width, height],
    4: [1, 0, 0, -1, 0, height],
    5: [0, 1, 1, 0, 0, 0],
    6: [0, 1, -1, 0, height, 0],
    7: [0, -1, -1, 0, height, width],
    8: [0, -1, 1, 0, 0, width],
  }
  return transforms[orientation]
}

/** Precedes the block inside a JPEG; many writers copy it into other containers. */
const exifPrefix = 'Exif\0\0'

/**
 * Reads the orientation from an EXIF block; like viewers, returns 1 if there is none or it cannot be read.
 * Nothing else rotates a picture, because decoders receive files without EXIF.
 *
 * @param block  the block, with or without the prefix `Exif\0\0`
 */
export function readExifOrientation(block: Buffer): Orientation {
  const tiff = block.toString('latin1', 0, exifPrefix.length) === exifPrefix ? block.subarray(6) : block
  try {
    const values = readTiffIntegers(tiff, orientationTag) ?? []
    const [value] = values
    return values.length === 1 && value >= 1 && value <= 8 ? (value as Orientation) : 1
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return 1
  }
}
