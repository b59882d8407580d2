import { loadImage } from '@napi-rs/canvas'
import { DamagedPictureError, UnsupportedPictureError } from '../containers/container'
import { jpeg, joinTables } from '../containers/jpeg'
import { imageStrips } from '../imagePixels'
import { isOpaque } from '#core/picture/pixels'
import { readTiffNumbers } from '../tiffTags'
import type { Samples } from './colours'
import { unpackers } from './compression'
import { readTiffBlocks, type TiffBlocks } from './grid'
import { jpegCompression, type Layout, photometric, sharesColours } from './layout'
import { giveOwnColours, sharedBytes } from './ycbcr'

/** Limit on the decompressed bytes of a block: a picture of 64 mebipixels with all four channels. */
const mostBlockBytes = 2 ** 28

/** A JPEG block needs another four bytes per pixel while it is decoded. */
const jpegShare = 2.5

/** Returns the samples per pixel in a block. */
const samplesOf = ({ planar, samples }: Layout): number => (planar ? 1 : samples)

/** Returns the decompressed bytes of a row of a block; rows are padded to whole bytes. */
function rowBytes({ width }: TiffBlocks, layout: Layout): number {
  return Math.ceil((width * samplesOf(layout) * layout.bits) / 8)
}

/** Returns the decompressed bytes of the first rows of a block. */
function storedBytes(blocks: TiffBlocks, layout: Layout, rows: number): number {
  return sharesColours(layout)
    ? sharedBytes(blocks.width, rows, layout.ycbcr)
    : rowBytes(blocks, layout) * rows
}

function requireModestSize(blocks: TiffBlocks, layout: Layout): void {
  const bytes = rowBytes(blocks, layout) * blocks.height
  const most = layout.compression === jpegCompression ? mostBlockBytes / jpegShare : mostBlockBytes
  if (bytes <= most) return
  throw new UnsupportedPictureError(
    `is a TIFF picture stored in pieces of ${(bytes / 1e6).toFixed(0)} MB, of which at most ${(most / 1e6).toFixed(0)} are unpacked at once. Save it in smaller strips, or as PNG.`,
  )
}

/** Converts 16-bit numbers to the byte order of this machine, little-endian; in place if possible. */
function toNumbers(unpacked: Uint8Array, size: number, bigEndian: boolean, own: boolean): Samples {
  const isInPlace = own && unpacked.byteOffset % 2 === 0
  const bytes = isInPlace ? unpacked.subarray(0, size) : unpacked.slice(0, size)
  if (bigEndian) Buffer.from(bytes.buffer, bytes.byteOffset, size).swap16()
  return new Uint16Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, size / 2)
}

/** Expands samples smaller than a byte to one byte each. */
function spread(rows: Uint8Array, count: number, perRow: number, bits: number): Samples {
  const out = new Uint8Array(count * perRow)
  const bytes = rows.length / count
  const mask = 2 ** bits - 1
  for (let row = 0, to = 0; row < count; row++) {
    for (let i = 0, bit = row * bytes * 8; i < perRow; i++, bit += bits) {
      out[to++] = (rows[bit >>> 3] >> (8 - bits - (bit & 7))) & mask
    }
  }
  return out
}

/** Undoes the predictor: each sample is stored as its difference from that of the previous pixel. */
function addUp(samples: Samples, perRow: number, step: number): void {
  for (let row = 0; row < samples.length; row += perRow) {
    for (let i = row + step; i < row + perRow; i++) samples[i] += samples[i - step]
  }
}

/** Each byte with its bits in reverse order. */
const reversed = Uint8Array.from({ length: 256 }, (_, byte) => {
  let bits = 0
  for (let bit = 0; bit < 8; bit++) bits |= ((byte >> bit) & 1) << (7 - bit)
  return bits
})

/**
 * Returns the bytes of a file, compressed ones too, with the highest bit of each first, as libtiff reads and writes
 * them. It converts the whole file at once, because blocks of unknown length extend to its end, and several may
 * begin at the same place.
 */
function highBitFirst(bytes: Buffer, { lowBitFirst }: Layout): Buffer {
  if (!lowBitFirst) return bytes
  const turned = Buffer.allocUnsafe(bytes.length)
  for (let i = 0; i < bytes.length; i++) turned[i] = reversed[bytes[i]]
  return turned
}

function unpackBlock(stored: Buffer, blocks: TiffBlocks, layout: Layout, rows: number): Samples {
  const { bits, bigEndian } = layout
  const perRow = blocks.width * samplesOf(layout)
  const size = storedBytes(blocks, layout, rows)
  const unpack = unpackers[layout.compression]
  const isPacked = unpack !== undefined
  const own = isPacked ? stored : stored.subarray(0, size)
  const unpacked = unpack?.(own, storedBytes(blocks, layout, blocks.height)) ?? own
  if (unpacked.length < size) throw new DamagedPictureError('is truncated: part of its pixel data is missing')
  if (sharesColours(layout)) return giveOwnColours(unpacked, { width: blocks.width, rows }, layout.ycbcr)
  if (bits < 8) return spread(unpacked.subarray(0, size), rows, perRow, bits)
  const samples =
    bits === 16
      ? toNumbers(unpacked, size, bigEndian, isPacked)
      : (isPacked ? unpacked : Uint8Array.from(unpacked)).subarray(0, size)
  if (layout.differences) addUp(samples as Samples, perRow, samplesOf(layout))
  return samples as Samples
}

/**
 * Checks a block that is a JPEG file to its end without decoding it.
 *
 * @param rows  as many as are read of it
 * @throws UnsupportedPictureError, DamagedPictureError; RangeError if it ends early
 */
async function checkJpegBlock(file: Buffer, { width, height }: TiffBlocks, rows: number): Promise<void> {
  const header = jpeg.readHeader(file)
  if (header.width !== width || header.height < rows || header.height > height)
    throw new DamagedPictureError('has a part of another size than it declares')
  await jpeg.checkWhole(file)
}

/** Decodes a block that is a JPEG file with Skia, which converts YCbCr to RGB. */
async function decodeBlock(
  file: Buffer,
  blocks: TiffBlocks,
  rows: number,
  perPixel: number,
): Promise<Samples> {
  await checkJpegBlock(file, blocks, rows)
  const image = await loadImage(file)
  const out = new Uint8Array(blocks.width * rows * perPixel)
  for await (const { strip, top } of imageStrips(image, 1)) {
    const { data } = strip
    // Where the decoder gives up, pixels stay transparent.
    if (!isOpaque(strip)) throw new DamagedPictureError('is damaged: part of its pixel data is missing')
    let to = top * blocks.width * perPixel
    for (let from = 0; from < data.length && to < out.length; from += 4) {
      out[to++] = data[from]
      if (perPixel === 1) continue
      out[to++] = data[from + 1]
      out[to++] = data[from + 2]
    }
  }
  return out
}

/**
 * Checks all blocks of the first picture as far as that is possible without decoding any.
 *
 * @throws as {@link openBlocks}; UnsupportedPictureError or DamagedPictureError for JPEG files that cannot be read
 */
export async function checkBlocks(bytes: Buffer, layout: Layout): Promise<void> {
  const { blocks } = openBlocks(bytes, layout)
  if (layout.compression !== jpegCompression) return
  const { parts, across, down, height, picture } = blocks
  for (const [index, part] of parts.entries()) {
    const top = (Math.floor(index / across) % down) * height
    // The tables that all blocks share show nothing of their size.
    await checkJpegBlock(part, blocks, Math.min(height, picture.height - top))
  }
}

/** The blocks of a TIFF file's first picture, read one at a time. */
export interface BlockReader {
  readonly blocks: TiffBlocks
  /** The meaning of the samples that `read` returns. */
  readonly layout: Layout
  /**
   * Returns the first `rows` rows of a block.
   *
   * @param index  counted along each row of blocks, row by row, and plane by plane
   * @throws DamagedPictureError if pixels are missing; whatever a decoder throws
   */
  read(index: number, rows: number): Promise<Samples>
}

const tablesTag = 347

/**
 * Opens the blocks of the first picture, without decoding any.
 *
 * @throws UnsupportedPictureError if blocks are too large to decompress; DamagedPictureError if some are missing;
 *   RangeError if the file ends early
 */
export function openBlocks(bytes: Buffer, layout: Layout): BlockReader {
  const isJpeg = layout.compression === jpegCompression
  const blocks = readTiffBlocks(bytes, isJpeg ? bytes : highBitFirst(bytes, layout))
  requireModestSize(blocks, layout)
  if (!isJpeg) {
    const read = (index: number, rows: number) =>
      Promise.resolve(unpackBlock(blocks.parts[index], blocks, layout, rows))
    return { blocks, layout, read }
  }
  const isYcbcr = layout.photometric === photometric.ycbcr
  const tables = Buffer.from(readTiffNumbers(bytes, tablesTag) ?? [])
  const fileOf = (index: number) => joinTables(blocks.parts[index], tables, isYcbcr && !layout.planar)
  const read = (index: number, rows: number) => decodeBlock(fileOf(index), blocks, rows, samplesOf(layout))
  const shown = isYcbcr && !layout.planar ? { ...layout, photometric: photometric.rgb } : layout
  return { blocks, layout: shown, read }
}
