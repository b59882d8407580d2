import { crc32 } from 'node:zlib'
import { readExifOrientation } from '../orientation'
import { type ContainerHeader, DamagedPicture, type PictureContainer } from './container'
import { pngChunks, pngSignature } from './pngChunks'

const colourTypesWithAlpha = new Set([4, 6])

function readHeader(bytes: Buffer): ContainerHeader {
  const chunks = pngChunks(bytes)
  const first = chunks.next().value
  if (first?.type !== 'IHDR' || first.data.length !== 13)
    throw new DamagedPicture('does not begin with an IHDR chunk')
  const header = {
    width: first.data.readUInt32BE(0),
    height: first.data.readUInt32BE(4),
    opaque: !colourTypesWithAlpha.has(first.data[9]),
  }
  let orientation: ContainerHeader['orientation'] = 1
  for (const { type, data } of chunks) {
    if (type === 'eXIf') orientation = readExifOrientation(data)
    if (type === 'tRNS') header.opaque = false
  }
  return { ...header, orientation }
}

function checkWhole(bytes: Buffer): void {
  let hasPixels = false
  for (const { type, checked, crc } of pngChunks(bytes)) {
    if (crc32(checked) !== crc) throw new DamagedPicture(`has a wrong checksum in its ${type} chunk`)
    hasPixels ||= type === 'IDAT'
  }
  if (!hasPixels) throw new DamagedPicture('has no pixel data')
}

/** PNG, the default image of an animated one (PNG specification, third edition). */
export const png: PictureContainer = {
  format: 'png',
  matches: (bytes) => bytes.subarray(0, 8).equals(pngSignature),
  readHeader,
  checkWhole,
}
