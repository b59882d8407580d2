import { readExifOrientation } from '../orientation'
import { pngEnd } from '../pngWriter'
import { type ContainerHeader, DamagedPictureError, type PictureContainer } from './container'
import { encodePngChunk, pngChunks, pngSignature, requireChecksum } from './pngChunks'
import { colourChunks } from './pngColour'
import { hasAllPngRows } from './pngPixels'

const colourTypesWithAlpha = new Set([4, 6])

function readHeader(bytes: Buffer): ContainerHeader {
  const chunks = pngChunks(bytes)
  const first = chunks.next().value
  if (first?.type !== 'IHDR' || first.data.length !== 13)
    throw new DamagedPictureError('does not begin with an IHDR chunk')
  const header = {
    width: first.data.readUInt32BE(0),
    height: first.data.readUInt32BE(4),
    opaque: !colourTypesWithAlpha.has(first.data[9]),
  }
  let orientation: ContainerHeader['orientation'] = 1
  let frames = 1
  for (const { type, data } of chunks) {
    if (type === 'eXIf') orientation = readExifOrientation(data)
    if (type === 'tRNS') header.opaque = false
    if (type === 'acTL' && data.length >= 4) frames = data.readUInt32BE(0)
  }
  return { ...header, orientation, ...(frames > 1 && { more: 'frames' }) }
}

async function checkWhole(bytes: Buffer): Promise<void> {
  let [hasPixels, ended] = [false, false]
  for (const chunk of pngChunks(bytes)) {
    hasPixels ||= chunk.type === 'IDAT'
    ended = chunk.type === 'IEND'
    // What is damaged there is not needed.
    if (!ended) requireChecksum(chunk)
  }
  if (!hasPixels) throw new DamagedPictureError('has no pixel data')
  // Where a decoder gives up, pixels stay transparent, which is noticeable only if all must be opaque.
  if ((!ended || !readHeader(bytes).opaque) && !(await hasAllPngRows(bytes)))
    throw new DamagedPictureError('is truncated: part of its pixel data is missing')
}

/**
 * Keeps only what a decoder needs: drops text, thumbnails, the frames of an animation, and above all EXIF.
 */
function forDecoder(bytes: Buffer): Buffer {
  const chunks = [...pngChunks(bytes)]
  const ofType = (...types: string[]) =>
    chunks.filter(({ type }) => types.includes(type)).map(({ type, data }) => encodePngChunk(type, data))
  return Buffer.concat([
    pngSignature,
    ...ofType('IHDR'),
    ...colourChunks(chunks),
    ...ofType('PLTE'),
    ...ofType('tRNS'),
    ...ofType('IDAT'),
    pngEnd,
  ])
}

/** PNG; for an animated one, its default image (PNG specification, third edition). */
export const png: PictureContainer = {
  format: 'png',
  matches: (bytes) => bytes.subarray(0, 8).equals(pngSignature),
  readHeader,
  checkWhole,
  forDecoder,
}
