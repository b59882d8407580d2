import { coversPixels } from './lzw'
import { type ContainerHeader, DamagedPictureError, type PictureContainer } from './container'

const introducer = { extension: 0x21, frame: 0x2c, trailer: 0x3b }
const graphicControl = 0xf9
const commentLabel = 0xfe

/** What is known of a frame without decoding it. */
interface GifFrame {
  /**
   * Its descriptor, colour table and pixel data as stored in the file; separately, its graphic control
   * extension, which may be empty.
   */
  readonly bytes: Buffer
  readonly control: Buffer
  /**
   * How many bytes of its sub-blocks are missing, their terminator among them. The pixels may be there all the same.
   */
  readonly missing: number
  /** Offset in `bytes` of its LZW code size. */
  readonly codeSizeAt: number
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly transparent: boolean
}

/**
 * Returns the size in bytes of the colour table that a packed field declares (GIF89a, sections 18 and 20).
 */
function colourTableSize(packed: number): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0
}

/** Returns where the chain of sub-blocks that starts at `at` ends. */
function endOfSubBlocks(bytes: Buffer, at: number): number {
  for (let size = bytes.readUInt8(at); size > 0; size = bytes.readUInt8(at)) at += 1 + size
  return at + 1
}

/** Returns where the sub-blocks of a frame end by their sizes, which may be beyond the end of a truncated file. */
function endOfPixelData(bytes: Buffer, at: number): number {
  while (bytes[at] > 0) at += 1 + bytes[at]
  return at + 1
}

/** Reads the frame whose introducer is at `at`; `control` is the graphic control extension before it. */
function readFrame(bytes: Buffer, at: number, control: Buffer): GifFrame {
  const [left, top, width, height] = [1, 3, 5, 7].map((offset) => bytes.readUInt16LE(at + offset))
  const codeSizeAt = 10 + colourTableSize(bytes.readUInt8(at + 9))
  if (bytes.readUInt8(at + codeSizeAt) > 8)
    throw new DamagedPictureError('is damaged: its pixel data has no valid code size')
  const end = endOfPixelData(bytes, at + codeSizeAt + 1)
  const transparent = control.length > 3 && (control[3] & 1) === 1
  const missing = Math.max(0, end - bytes.length)
  return {
    bytes: bytes.subarray(at, end),
    missing,
    control,
    codeSizeAt,
    left,
    top,
    width,
    height,
    transparent,
  }
}

/** Returns the first frame at or after `at`, or null. Like viewers, skips unknown bytes between blocks. */
function nextFrame(bytes: Buffer, at: number): GifFrame | null {
  let control = bytes.subarray(0, 0)
  for (;;) {
    const kind = bytes.readUInt8(at)
    if (kind === introducer.trailer) return null
    if (kind === introducer.frame) return readFrame(bytes, at, control)
    if (kind === introducer.extension) {
      const end = endOfSubBlocks(bytes, at + 2)
      if (bytes.readUInt8(at + 1) === graphicControl) control = bytes.subarray(at, end)
      at = end
    } else at++
  }
}

/** Returns the first frame, which is the only one used. */
function firstFrame(bytes: Buffer): GifFrame {
  const frame = nextFrame(bytes, 13 + colourTableSize(bytes.readUInt8(10)))
  if (!frame) throw new DamagedPictureError('has no pixel data')
  return frame
}

/** Whether another frame follows. Damage after the first frame does not matter. */
function isAnimated(bytes: Buffer, first: GifFrame): boolean {
  try {
    return nextFrame(bytes, first.bytes.byteOffset - bytes.byteOffset + first.bytes.length) !== null
  } catch {
    return false
  }
}

/**
 * Yields the comments before the first frame.
 *
 * @throws RangeError if the file is cut off
 */
export function* gifComments(bytes: Buffer): Generator<Buffer> {
  for (let at = 13 + colourTableSize(bytes.readUInt8(10)); bytes.readUInt8(at) === introducer.extension;) {
    const end = endOfSubBlocks(bytes, at + 2)
    if (bytes.readUInt8(at + 1) === commentLabel) yield joinSubBlocks(bytes.subarray(at + 2, end))
    at = end
  }
}

/** Returns the data of a chain of sub-blocks. */
function joinSubBlocks(chain: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; chain[at] > 0; at += 1 + chain[at]) parts.push(chain.subarray(at + 1, at + 1 + chain[at]))
  return Buffer.concat(parts)
}

/**
 * Returns the size of the screen, enlarged to contain the first frame, as viewers do, because some writers
 * declare it too small or 0.
 */
function sizeOfScreen(bytes: Buffer, frame: GifFrame): { width: number; height: number } {
  return {
    width: Math.max(bytes.readUInt16LE(6), frame.left + frame.width),
    height: Math.max(bytes.readUInt16LE(8), frame.top + frame.height),
  }
}

function readHeader(bytes: Buffer): ContainerHeader {
  const frame = firstFrame(bytes)
  const { width, height } = sizeOfScreen(bytes, frame)
  const opaque = !frame.transparent && frame.width === width && frame.height === height
  return { width, height, orientation: 1, opaque, ...(isAnimated(bytes, frame) && { more: 'frames' }) }
}

function checkWhole(bytes: Buffer): void {
  const frame = firstFrame(bytes)
  if (!coversPixels(frame.bytes.subarray(frame.codeSizeAt), frame.width * frame.height)) {
    const state = frame.missing > 0 ? 'truncated' : 'damaged'
    throw new DamagedPictureError(`is ${state}: part of its pixel data is missing`)
  }
}

function forDecoder(bytes: Buffer): Buffer {
  const frame = firstFrame(bytes)
  const { width, height } = sizeOfScreen(bytes, frame)
  const head = Buffer.from(bytes.subarray(0, 13 + colourTableSize(bytes.readUInt8(10))))
  head.writeUInt16LE(width, 6)
  head.writeUInt16LE(height, 8)
  return Buffer.concat([
    head,
    frame.control,
    frame.bytes,
    Buffer.alloc(frame.missing),
    Buffer.of(introducer.trailer),
  ])
}

/** GIF87a and GIF89a; only the first frame of an animation is used. */
export const gif: PictureContainer = {
  format: 'gif',
  matches: (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6)),
  readHeader,
  checkWhole,
  forDecoder,
}
