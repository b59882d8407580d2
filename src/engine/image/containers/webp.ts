import { readExifOrientation } from '../orientation'
import { type ContainerHeader, DamagedPicture, type PictureContainer } from './container'

/** One chunk of a RIFF file. */
export interface RiffChunk {
  readonly type: string
  readonly data: Buffer
}

const exifPrefix = 'Exif\0\0'

/**
 * Walks the chunks of a WebP file.
 *
 * @throws DamagedPicture where a chunk or the whole ends early
 */
export function* webpChunks(bytes: Buffer): Generator<RiffChunk> {
  const end = 8 + bytes.readUInt32LE(4)
  for (let at = 12; at < end;) {
    const length = bytes.readUInt32LE(at + 4)
    const next = at + 8 + length + (length % 2)
    // Some writers leave out the padding byte of the last chunk.
    if (at + 8 + length > bytes.length) throw new DamagedPicture('is truncated: it ends inside a chunk')
    yield { type: bytes.toString('latin1', at, at + 4), data: bytes.subarray(at + 8, at + 8 + length) }
    at = next
  }
}

/** The header of a lossy frame (RFC 6386, section 9.1). */
function readVp8(data: Buffer): ContainerHeader {
  if (data.readUIntBE(3, 3) !== 0x9d012a) throw new DamagedPicture('is damaged: its frame has no start code')
  const width = data.readUInt16LE(6) & 0x3fff
  return { width, height: data.readUInt16LE(8) & 0x3fff, orientation: 1, opaque: true }
}

/** The header of a lossless frame (WebP lossless bitstream, section 3). */
function readVp8l(data: Buffer): ContainerHeader {
  if (data.readUInt8(0) !== 0x2f) throw new DamagedPicture('is damaged: its frame has no start code')
  const bits = data.readUInt32LE(1)
  const height = ((bits >>> 14) & 0x3fff) + 1
  return { width: (bits & 0x3fff) + 1, height, orientation: 1, opaque: (bits & (1 << 28)) === 0 }
}

/** The header of the extended format (RFC 9649, section 2.7). Whether it is opaque, only the chunks after it tell. */
function readVp8x(data: Buffer): ContainerHeader {
  return {
    width: data.readUIntLE(4, 3) + 1,
    height: data.readUIntLE(7, 3) + 1,
    orientation: 1,
    opaque: false,
  }
}

const readers: Partial<Record<string, (data: Buffer) => ContainerHeader>> = {
  'VP8 ': readVp8,
  VP8L: readVp8l,
  VP8X: readVp8x,
}

function readExifChunk(data: Buffer): ContainerHeader['orientation'] {
  // The prefix belongs to JPEG, yet many writers bring it along.
  return readExifOrientation(data.toString('latin1', 0, 6) === exifPrefix ? data.subarray(6) : data)
}

/** A lossy frame without an alpha chunk; of an animation the first frame may leave parts of the picture uncovered. */
function isLossyAndOpaque(chunks: readonly RiffChunk[]): boolean {
  return chunks.some(({ type }) => type === 'VP8 ') && !chunks.some(({ type }) => type === 'ALPH')
}

function readHeader(bytes: Buffer): ContainerHeader {
  const chunks = [...webpChunks(bytes)]
  const header = chunks.length > 0 && readers[chunks[0].type]?.(chunks[0].data)
  if (!header) throw new DamagedPicture('is damaged: it does not begin with a frame')
  const exif = chunks.find(({ type }) => type === 'EXIF')
  return {
    ...header,
    orientation: exif ? readExifChunk(exif.data) : 1,
    opaque: header.opaque || isLossyAndOpaque(chunks),
  }
}

function checkWhole(bytes: Buffer): void {
  const types = [...webpChunks(bytes)].map(({ type }) => type)
  if (!types.some((type) => type === 'VP8 ' || type === 'VP8L' || type === 'ANMF')) {
    throw new DamagedPicture('has no pixel data')
  }
}

/** WebP (RFC 9649), lossy, lossless or extended; of an animation the first frame counts. */
export const webp: PictureContainer = {
  format: 'webp',
  matches: (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
  readHeader,
  checkWhole,
}
