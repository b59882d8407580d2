import { crc32 } from 'node:zlib'
import { DamagedPictureError } from './container'

/** One chunk of a PNG file (PNG specification, section 5.3). */
export interface PngChunk {
  readonly type: string
  readonly data: Buffer
  /** Type and data as stored in the file, which `crc` covers. */
  readonly checked: Buffer
  readonly crc: number
}

/** The eight bytes at the start of every PNG file. */
export const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/**
 * Iterates over the chunks of a PNG file up to and including IEND, or until the file is cut off after some
 * pixel data.
 *
 * @throws RangeError if the file ends before any pixel data
 */
export function* pngChunks(bytes: Buffer): Generator<PngChunk> {
  let hasPixels = false
  for (let at = pngSignature.length, type = ''; type !== 'IEND'; hasPixels ||= type === 'IDAT') {
    if (hasPixels && at + 8 > bytes.length) return
    const length = bytes.readUInt32BE(at)
    if (hasPixels && at + 12 + length > bytes.length) return
    const crc = bytes.readUInt32BE(at + 8 + length)
    const checked = bytes.subarray(at + 4, at + 8 + length)
    type = checked.toString('latin1', 0, 4)
    yield { type, data: checked.subarray(4), checked, crc }
    at += length + 12
  }
}

/**
 * Iterates over the chunks like {@link pngChunks}, and compares each with its checksum first.
 *
 * @throws RangeError if the file ends before any pixel data; DamagedPictureError naming a chunk with a wrong checksum
 */
export function* intactPngChunks(bytes: Buffer): Generator<PngChunk> {
  for (const chunk of pngChunks(bytes)) {
    requireChecksum(chunk)
    yield chunk
  }
}

/** @throws DamagedPictureError naming the chunk if its checksum is wrong */
export function requireChecksum({ type, checked, crc }: PngChunk): void {
  if (crc32(checked) !== crc) throw new DamagedPictureError(`has a wrong checksum in its ${type} chunk`)
}

/** Encodes a chunk. */
export function encodePngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(data.length + 12)
  chunk.writeUInt32BE(data.length, 0)
  chunk.write(type, 4, 'latin1')
  chunk.set(data, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length)
  return chunk
}
