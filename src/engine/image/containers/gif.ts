import { type ContainerHeader, DamagedPicture, type PictureContainer } from './container'

const introducer = { extension: 0x21, frame: 0x2c, trailer: 0x3b }
const graphicControl = 0xf9

/** What of a frame can be told without decoding it. */
interface GifFrame {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly transparent: boolean
}

/** Bytes of the colour table that a packed field announces (GIF89a, sections 18 and 20). */
function colourTableSize(packed: number): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0
}

/** Where the chain of sub-blocks that begins at `at` ends. */
function endOfSubBlocks(bytes: Buffer, at: number): number {
  for (let size = bytes.readUInt8(at); size > 0; size = bytes.readUInt8(at)) at += 1 + size
  return at + 1
}

function readFrame(bytes: Buffer, at: number, transparent: boolean): GifFrame {
  const [left, top, width, height] = [0, 2, 4, 6].map((offset) => bytes.readUInt16LE(at + offset))
  return { left, top, width, height, transparent }
}

/** Where the pixel data of the frame described at `at` ends. */
function endOfFrame(bytes: Buffer, at: number): number {
  const codeSizeAt = at + 9 + colourTableSize(bytes.readUInt8(at + 8))
  if (bytes.readUInt8(codeSizeAt) > 8)
    throw new DamagedPicture('is damaged: its pixel data has no valid code size')
  return endOfSubBlocks(bytes, codeSizeAt + 1)
}

/** Walks the blocks up to the trailer; yields the frames among them. */
function* gifFrames(bytes: Buffer): Generator<GifFrame> {
  let transparent = false
  for (let at = 13 + colourTableSize(bytes.readUInt8(10)); ;) {
    const kind = bytes.readUInt8(at)
    if (kind === introducer.trailer) return
    if (kind === introducer.extension) {
      if (bytes.readUInt8(at + 1) === graphicControl) transparent = (bytes.readUInt8(at + 3) & 1) === 1
      at = endOfSubBlocks(bytes, at + 2)
    } else if (kind === introducer.frame) {
      yield readFrame(bytes, at + 1, transparent)
      at = endOfFrame(bytes, at + 1)
      transparent = false
    } else {
      throw new DamagedPicture('is damaged: it has no block where one is due')
    }
  }
}

function readHeader(bytes: Buffer): ContainerHeader {
  const [width, height] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)]
  const first = gifFrames(bytes).next().value
  const opaque = first !== undefined && !first.transparent && first.width === width && first.height === height
  return { width, height, orientation: 1, opaque }
}

function checkWhole(bytes: Buffer): void {
  const [screenWidth, screenHeight] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)]
  let frames = 0
  for (const { left, top, width, height } of gifFrames(bytes)) {
    if (left + width > screenWidth || top + height > screenHeight) {
      throw new DamagedPicture('has a frame larger than the picture itself')
    }
    frames++
  }
  if (frames === 0) throw new DamagedPicture('has no pixel data')
}

/** GIF87a and GIF89a; of an animation the first frame counts. */
export const gif: PictureContainer = {
  format: 'gif',
  matches: (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6)),
  readHeader,
  checkWhole,
}
