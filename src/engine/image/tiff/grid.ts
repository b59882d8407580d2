import { DamagedPictureError } from '../containers/container'
import { readTiffNumbers, tiffCompression } from '../tiffTags'

/** Tag numbers (TIFF 6.0, section 8; tiles in section 15). */
const tag = {
  width: 256,
  height: 257,
  compression: 259,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripLengths: 279,
  planar: 284,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileLengths: 325,
}

/** The parts of a picture, each compressed separately. */
export interface TiffBlocks {
  /** Size of each block in pixels; blocks at the edges may extend beyond the picture. */
  readonly width: number
  readonly height: number
  /** Number of blocks side by side, and one below the other. */
  readonly across: number
  readonly down: number
  /** Size of the picture. */
  readonly picture: { readonly width: number; readonly height: number }
  /** They may be followed by other bytes. */
  readonly parts: readonly Buffer[]
}

/** No picture within the limits has more rows, and each block takes time. */
const mostBlocks = 100_000

/** Pixels of a block: as many as the largest picture has. */
const largestBlock = 8192 * 8192

function requiredNumber(bytes: Buffer, wanted: number, what: string): number {
  const value = readTiffNumbers(bytes, wanted)?.[0]
  if (value === undefined) throw new DamagedPictureError(`is damaged: it declares no ${what}`)
  return value
}

/** Size and position of the blocks: of tiles if there are any, otherwise of strips. */
interface Grid {
  readonly width: number
  readonly height: number
  readonly offsets: readonly number[]
  readonly lengths: readonly number[]
}

/**
 * Reads the size of the first picture in pixels.
 *
 * @throws DamagedPictureError if the file declares none; RangeError if a directory is cut off
 */
export function readTiffSize(bytes: Buffer): { readonly width: number; readonly height: number } {
  const [width, height] = [tag.width, tag.height].map((side) => requiredNumber(bytes, side, 'size'))
  return { width, height }
}

function readGrid(bytes: Buffer): Grid {
  const numbers = (wanted: number) => readTiffNumbers(bytes, wanted) ?? []
  const { width, height } = readTiffSize(bytes)
  const tileOffsets = numbers(tag.tileOffsets)
  if (tileOffsets.length === 0) {
    const rows = Math.min(height, numbers(tag.rowsPerStrip)[0] ?? height)
    return { width, height: rows, offsets: numbers(tag.stripOffsets), lengths: numbers(tag.stripLengths) }
  }
  const [tileWidth, tileHeight] = [tag.tileWidth, tag.tileHeight].map((side) =>
    requiredNumber(bytes, side, 'size of its tiles'),
  )
  return { width: tileWidth, height: tileHeight, offsets: tileOffsets, lengths: numbers(tag.tileLengths) }
}

/** Whether a block has a length that the file holds; some writers state any length, or none. */
function isThere(bytes: Buffer, offset: number, length = 0): boolean {
  return length > 0 && offset + length <= bytes.length
}

/**
 * Returns the bytes of a block. Without a valid length, they extend to the end of the file: a decoder takes what it
 * needs, and refuses the picture if bytes are missing. Only a JPEG decoder would fill in what is missing.
 */
function partAt(bytes: Buffer, compression: number, offset: number, length = 0): Buffer {
  const isSound = isThere(bytes, offset, length)
  if (offset >= bytes.length || (compression === tiffCompression.jpeg && !isSound))
    throw new DamagedPictureError('is truncated: part of its pixel data is missing')
  // Plain samples have the length that their layout gives them, whatever is stated.
  const isEnclosed = isSound && compression !== tiffCompression.stored
  return bytes.subarray(offset, isEnclosed ? offset + length : bytes.length)
}

/**
 * Reads the blocks of the first picture, as many as its size needs.
 *
 * @param stored  where their bytes are taken from: the file's, unless the bits in each are in another order there
 * @throws DamagedPictureError if some are missing or cut off; RangeError if a directory is
 */
export function readTiffBlocks(bytes: Buffer, stored = bytes): TiffBlocks {
  const { width, height, offsets, lengths } = readGrid(bytes)
  const picture = readTiffSize(bytes)
  const planes =
    readTiffNumbers(bytes, tag.planar)?.[0] === 2 ? requiredNumber(bytes, tag.samples, 'samples') : 1
  const [across, down] = [Math.ceil(picture.width / width), Math.ceil(picture.height / height)]
  const needed = across * down * planes
  if (offsets.length === 0) throw new DamagedPictureError('has no pixel data')
  if (!(needed <= mostBlocks) || !(width * height <= largestBlock))
    throw new DamagedPictureError('is damaged: the parts of its pixel data have no sensible size')
  if (offsets.length < needed) throw new DamagedPictureError('is damaged: part of its pixel data is missing')
  const compression = readTiffNumbers(bytes, tag.compression)?.[0] ?? tiffCompression.stored
  const parts = offsets.slice(0, needed).map((offset, i) => partAt(stored, compression, offset, lengths[i]))
  return { width, height, across, down, picture, parts }
}

/** Whether a block has another length than it says. A directory that is damaged is reported when it is needed. */
export function hasWrongLengths(bytes: Buffer): boolean {
  try {
    const { offsets, lengths } = readGrid(bytes)
    return offsets.some((offset, i) => !isThere(bytes, offset, lengths[i]))
  } catch {
    return false
  }
}
