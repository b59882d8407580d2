/**
 * How stored pixels lie to the upright picture, in EXIF's numbers (CIPA DC-008, tag 0x0112): 1 upright, 2 mirrored left
 * to right, 3 turned by 180°, 4 mirrored top to bottom, 5 transposed, 6 to be turned right, 7 transversed, 8 to be
 * turned left.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** A 2-D affine map as a canvas takes it: x' = a x + c y + e, y' = b x + d y + f. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

const orientationTag = 0x0112

/** Whether setting a picture upright exchanges its width and height. */
export function swapsSides(orientation: Orientation): boolean {
  return orientation >= 5
}

/** The map from stored pixels, `width` x `height`, to the upright picture. */
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

/** What precedes the block inside a JPEG, and what many writers bring along into other containers. */
const exifPrefix = 'Exif\0\0'

/** TIFF field types that hold a whole number, and how it is read (TIFF 6.0, section 2). */
const numberTypes = { short: 3, long: 4 }

/** Reads the numbers of a TIFF structure: an EXIF block is one, and so is a TIFF picture. */
function tiffReader(tiff: Buffer): { u16: (at: number) => number; u32: (at: number) => number } {
  const littleEndian = tiff.toString('latin1', 0, 2) === 'II'
  return {
    u16: (at) => (littleEndian ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at)),
    u32: (at) => (littleEndian ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at)),
  }
}

/**
 * The number that a tag of the first directory of a TIFF structure holds; null where it has none or several.
 *
 * @param tiff  the structure from its byte order mark (`II` or `MM`) on
 * @throws RangeError where the structure ends early
 */
export function readTiffNumber(tiff: Buffer, tag: number): number | null {
  const { u16, u32 } = tiffReader(tiff)
  const directory = u32(4)
  for (let entry = 0; entry < u16(directory); entry++) {
    const at = directory + 2 + entry * 12
    if (u16(at) !== tag) continue
    if (u32(at + 4) !== 1) return null
    const type = u16(at + 2)
    if (type === numberTypes.short) return u16(at + 8)
    return type === numberTypes.long ? u32(at + 8) : null
  }
  return null
}

/**
 * The orientation noted in an EXIF block; 1 where there is none or it cannot be read, as viewers do. It alone decides
 * how a picture is turned: decoders are given files without EXIF.
 *
 * @param block  the block, with or without the prefix `Exif\0\0`
 */
export function readExifOrientation(block: Buffer): Orientation {
  const tiff = block.toString('latin1', 0, exifPrefix.length) === exifPrefix ? block.subarray(6) : block
  try {
    const value = readTiffNumber(tiff, orientationTag) ?? 1
    return value >= 1 && value <= 8 ? (value as Orientation) : 1
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return 1
  }
}
