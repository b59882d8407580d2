import { readExifOrientation } from '../orientation'
import { hasMoreTiffPages, readTiffNumbers } from '../tiffTags'
import { type ContainerHeader, DamagedPicture, type PictureContainer } from './container'

/** Tag numbers (TIFF 6.0, section 8; tiles in section 15). */
const tag = {
  width: 256,
  height: 257,
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
  readonly parts: readonly Buffer[]
}

/** No picture within the limits has more rows, and each block takes time. */
const mostBlocks = 100_000

/** Pixels of a block: as many as the largest picture has. */
const largestBlock = 8192 * 8192

function requiredNumber(bytes: Buffer, wanted: number, what: string): number {
  const value = readTiffNumbers(bytes, wanted)?.[0]
  if (value === undefined) throw new DamagedPicture(`is damaged: it declares no ${what}`)
  return value
}

/** Size and position of the blocks: of tiles if there are any, otherwise of strips. */
interface Grid {
  readonly width: number
  readonly height: number
  readonly offsets: readonly number[]
  readonly lengths: readonly number[]
}

function readGrid(bytes: Buffer): Grid {
  const numbers = (wanted: number) => readTiffNumbers(bytes, wanted) ?? []
  const [width, height] = [tag.width, tag.height].map((side) => requiredNumber(bytes, side, 'size'))
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

/**
 * Reads the blocks of the first picture, as many as its size needs.
 *
 * @throws DamagedPicture if some are missing or cut off; RangeError if a directory is
 */
export function readTiffBlocks(bytes: Buffer): TiffBlocks {
  const { width, height, offsets, lengths } = readGrid(bytes)
  const [columns, rows] = [tag.width, tag.height].map((side) => requiredNumber(bytes, side, 'size'))
  const planes =
    readTiffNumbers(bytes, tag.planar)?.[0] === 2 ? requiredNumber(bytes, tag.samples, 'samples') : 1
  const [across, down] = [Math.ceil(columns / width), Math.ceil(rows / height)]
  const needed = across * down * planes
  if (offsets.length === 0) throw new DamagedPicture('has no pixel data')
  if (!(needed <= mostBlocks) || !(width * height <= largestBlock))
    throw new DamagedPicture('is damaged: the parts of its pixel data have no sensible size')
  if (offsets.length < needed || lengths.length < needed)
    throw new DamagedPicture('is damaged: part of its pixel data is missing')
  const parts = offsets.slice(0, needed).map((offset, i) => {
    if (offset + lengths[i] > bytes.length)
      throw new DamagedPicture('is truncated: part of its pixel data is missing')
    return bytes.subarray(offset, offset + lengths[i])
  })
  return { width, height, across, down, picture: { width: columns, height: rows }, parts }
}

function readHeader(bytes: Buffer): ContainerHeader {
  const [width, height] = [tag.width, tag.height].map((side) => requiredNumber(bytes, side, 'size'))
  return {
    width,
    height,
    orientation: readExifOrientation(bytes),
    opaque: false,
    ...(hasMoreTiffPages(bytes) && { more: 'pages' }),
  }
}

/** TIFF 6.0, the first picture of a file. */
export const tiff: PictureContainer = {
  format: 'tiff',
  matches: (bytes) => /^(II\*\0|MM\0\*)/.test(bytes.toString('latin1', 0, 4)),
  readHeader,
  checkWhole: (bytes) => void readTiffBlocks(bytes),
  forDecoder: (bytes) => bytes,
}
