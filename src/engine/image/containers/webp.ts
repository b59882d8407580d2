import { readExifOrientation } from '../orientation'
import { limitByMemory } from '../pictureLimits'
import { type ContainerHeader, DamagedPictureError, type PictureContainer } from './container'

/** One chunk of a RIFF file. */
export interface RiffChunk {
  readonly type: string
  readonly data: Buffer
}

/** Chunks that contain pixels: a lossy or lossless frame, or a frame of an animation. */
const frames: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'ANMF'])

/**
 * Chunks that a decoder needs besides a frame: size and flags, colour profile, animation, the alpha of a
 * lossy frame.
 */
const besideFrames: ReadonlySet<string> = new Set(['VP8X', 'ICCP', 'ANIM', 'ALPH'])

/**
 * Iterates over the chunks of a WebP file. Stops if the file is cut off after its first frame, because what
 * follows is not shown.
 *
 * @throws DamagedPictureError if a chunk before that is cut off; RangeError if its header is
 */
export function* webpChunks(bytes: Buffer): Generator<RiffChunk> {
  const end = 8 + bytes.readUInt32LE(4)
  let hasFrame = false
  for (let at = 12; at < end;) {
    if (hasFrame && at + 8 > bytes.length) return
    const length = bytes.readUInt32LE(at + 4)
    if (at + 8 + length > bytes.length) {
      if (hasFrame) return
      throw new DamagedPictureError('is truncated: it ends inside a chunk')
    }
    const type = bytes.toString('latin1', at, at + 4)
    yield { type, data: bytes.subarray(at + 8, at + 8 + length) }
    hasFrame ||= frames.has(type)
    at += 8 + length + (length % 2)
  }
}

/** Reads the header of a lossy frame (RFC 6386, section 9.1). */
function readVp8(data: Buffer): ContainerHeader {
  if (data.readUIntBE(3, 3) !== 0x9d012a)
    throw new DamagedPictureError('is damaged: its frame has no start code')
  const width = data.readUInt16LE(6) & 0x3fff
  return { width, height: data.readUInt16LE(8) & 0x3fff, orientation: 1, opaque: true }
}

/** Reads the header of a lossless frame (WebP lossless bitstream, section 3). */
function readVp8l(data: Buffer): ContainerHeader {
  if (data.readUInt8(0) !== 0x2f) throw new DamagedPictureError('is damaged: its frame has no start code')
  const bits = data.readUInt32LE(1)
  const height = ((bits >>> 14) & 0x3fff) + 1
  return { width: (bits & 0x3fff) + 1, height, orientation: 1, opaque: (bits & (1 << 28)) === 0 }
}

/**
 * Reads the header of the extended format (RFC 9649, section 2.7). Only the chunks after it tell whether it
 * is opaque.
 */
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

/**
 * Whether there is a lossy frame and no alpha chunk. False for an animation, whose first frame may leave
 * parts of the picture uncovered.
 */
function isLossyAndOpaque(chunks: readonly RiffChunk[]): boolean {
  return chunks.some(({ type }) => type === 'VP8 ') && !chunks.some(({ type }) => type === 'ALPH')
}

/**
 * Whether a chunk is a lossless frame, or an animation frame that starts with one after 16 bytes of position
 * and duration.
 */
function isLossless({ type, data }: RiffChunk): boolean {
  return type === 'VP8L' || (type === 'ANMF' && data.toString('latin1', 16, 20) === 'VP8L')
}

/** The flag of an EXIF chunk in the first byte of the extended format's header (RFC 9649, section 2.7). */
const exifFlag = 0x08

/** Returns the EXIF block of a file that declares one; like decoders, ignores any other. */
function findExif([first, ...others]: readonly RiffChunk[]): Buffer | null {
  if (first.type !== 'VP8X' || (first.data[0] & exifFlag) === 0) return null
  return others.find(({ type }) => type === 'EXIF')?.data ?? null
}

function readHeader(bytes: Buffer): ContainerHeader {
  const chunks = [...webpChunks(bytes)]
  const header = chunks.length > 0 && readers[chunks[0].type]?.(chunks[0].data)
  if (!header) throw new DamagedPictureError('is damaged: it does not begin with a frame')
  const exif = findExif(chunks)
  return {
    ...header,
    orientation: exif ? readExifOrientation(exif) : 1,
    opaque: header.opaque || isLossyAndOpaque(chunks),
    ...(chunks.filter(({ type }) => type === 'ANMF').length > 1 && { more: 'frames' }),
    // The decoder holds the pixels twice.
    ...(chunks.some(isLossless) && { limit: limitByMemory('a lossless WebP picture', 8) }),
  }
}

function checkWhole(bytes: Buffer): void {
  if (![...webpChunks(bytes)].some(({ type }) => frames.has(type)))
    throw new DamagedPictureError('has no pixel data')
}

/** Encodes a chunk, padded to an even length. */
export function encodeRiffChunk({ type, data }: RiffChunk): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32LE(data.length, 4)
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
}

function forDecoder(bytes: Buffer): Buffer {
  const chunks = [...webpChunks(bytes)]
  const first = chunks.find(({ type }) => frames.has(type))
  const kept = chunks.filter((chunk) => chunk === first || besideFrames.has(chunk.type))
  const body = Buffer.concat(kept.map(encodeRiffChunk))
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(4 + body.length, 4)
  return Buffer.concat([head, body])
}

/** WebP (RFC 9649), lossy, lossless or extended; only the first frame of an animation is used. */
export const webp: PictureContainer = {
  format: 'webp',
  matches: (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
  readHeader,
  checkWhole,
  forDecoder,
}
