import { type ContainerHeader, DamagedPicture, type PictureContainer } from './container'

const introducer = { extension: 0x21, frame: 0x2c, trailer: 0x3b }

/** Bytes of the colour table that a packed field announces (GIF89a, sections 18 and 20). */
function colourTableSize(packed: number): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0
}

/** Where the chain of sub-blocks that begins at `at` ends. */
function endOfSubBlocks(bytes: Buffer, at: number): number {
  for (let size = bytes.readUInt8(at); size > 0; size = bytes.readUInt8(at)) at += 1 + size
  return at + 1
}

function readHeader(bytes: Buffer): ContainerHeader {
  return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8), orientation: 1, opaque: false }
}

function checkFrame(bytes: Buffer, at: number): void {
  const { width, height } = readHeader(bytes)
  const right = bytes.readUInt16LE(at) + bytes.readUInt16LE(at + 4)
  const bottom = bytes.readUInt16LE(at + 2) + bytes.readUInt16LE(at + 6)
  if (right > width || bottom > height) throw new DamagedPicture('has a frame larger than the picture itself')
}

function checkWhole(bytes: Buffer): void {
  let frames = 0
  let at = 13 + colourTableSize(bytes.readUInt8(10))
  for (;;) {
    const kind = bytes.readUInt8(at)
    if (kind === introducer.extension) {
      at = endOfSubBlocks(bytes, at + 2)
    } else if (kind === introducer.frame) {
      checkFrame(bytes, at + 1)
      at = endOfSubBlocks(bytes, at + 11 + colourTableSize(bytes.readUInt8(at + 9)))
      frames++
    } else if (kind === introducer.trailer) {
      if (frames === 0) throw new DamagedPicture('has no pixel data')
      return
    } else {
      throw new DamagedPicture('is damaged: it has no block where one is due')
    }
  }
}

/** GIF87a and GIF89a; of an animation the first frame counts. */
export const gif: PictureContainer = {
  format: 'gif',
  matches: (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6)),
  readHeader,
  checkWhole,
}
