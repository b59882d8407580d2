import { readExifOrientation } from '../orientation'
import { type ContainerHeader, DamagedPicture, type PictureContainer } from './container'

const marker = { tem: 0x01, rst0: 0xd0, soi: 0xd8, eoi: 0xd9, sos: 0xda, app1: 0xe1 }
const exifSignature = 'Exif\0\0'

/** DHT, JPG and DAC lie among the codes of the frame headers SOF0 … SOF15. */
const notFrames = new Set([0xc4, 0xc8, 0xcc])

/** A progressive picture has about ten; thousands of empty ones keep a decoder busy for minutes. */
const maxScans = 500

interface Segment {
  readonly code: number
  readonly data: Buffer
  /** Bytes of entropy-coded data behind the segment; 0 but for the start of a scan. */
  readonly entropyBytes: number
}

/** Where the entropy-coded data that begins at `at` ends: at a marker that is neither stuffing nor a restart. */
function endOfScan(bytes: Buffer, at: number): number {
  for (;;) {
    at = bytes.indexOf(0xff, at)
    if (at < 0 || at + 1 >= bytes.length) {
      throw new DamagedPicture('is truncated: it ends inside its pixel data')
    }
    const code = bytes[at + 1]
    const isMarker = code !== 0 && code !== 0xff && !(code >= marker.rst0 && code < marker.soi)
    if (isMarker) return at
    at += code === 0xff ? 1 : 2
  }
}

/** Walks the marker segments up to and including the end of the image (ITU-T T.81, annex B). */
function* segments(bytes: Buffer): Generator<Segment> {
  for (let at = 2; ;) {
    // Between two segments decoders skip whatever is no marker, so this does too.
    at = bytes.indexOf(0xff, at)
    if (at < 0) throw new DamagedPicture('is truncated: it ends between two segments')
    const code = bytes.readUInt8(at + 1)
    if (code === 0xff || code === 0) {
      at += 1
    } else if (code === marker.eoi) {
      return
    } else if (code === marker.tem) {
      at += 2
    } else {
      const length = bytes.readUInt16BE(at + 2)
      if (length < 2) throw new DamagedPicture('is damaged: one of its segments has no length')
      bytes.readUInt8(at + 1 + length)
      const end = at + 2 + length
      const next = code === marker.sos ? endOfScan(bytes, end) : end
      yield { code, data: bytes.subarray(at + 4, end), entropyBytes: next - end }
      at = next
    }
  }
}

function isFrameHeader(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && !notFrames.has(code)
}

function readHeader(bytes: Buffer): ContainerHeader {
  let orientation: ContainerHeader['orientation'] = 1
  for (const { code, data } of segments(bytes)) {
    if (code === marker.app1 && data.toString('latin1', 0, 6) === exifSignature) {
      orientation = readExifOrientation(data.subarray(6))
    }
    if (isFrameHeader(code)) {
      return { width: data.readUInt16BE(3), height: data.readUInt16BE(1), orientation, opaque: true }
    }
    if (code === marker.sos) break
  }
  throw new DamagedPicture('is damaged: it has no frame header')
}

/**
 * A decoder fills up with grey what the entropy-coded data leaves open. Huffman coding spends at least one bit on each
 * block of 8 x 8 pixels, which finds the worst; arithmetic coding (SOF9 and above) may spend less.
 */
function requirePixels(bytes: Buffer, entropyBytes: number): void {
  const { width, height } = readHeader(bytes)
  if (entropyBytes * 8 < Math.ceil(width / 8) * Math.ceil(height / 8)) {
    throw new DamagedPicture('is damaged: part of its pixel data is missing')
  }
}

function checkWhole(bytes: Buffer): void {
  let [scans, entropyBytes, arithmetic] = [0, 0, false]
  for (const segment of segments(bytes)) {
    if (segment.code === marker.sos) scans++
    if (scans > maxScans) throw new DamagedPicture(`has more than ${maxScans} scans`)
    entropyBytes += segment.entropyBytes
    arithmetic ||= isFrameHeader(segment.code) && segment.code > 0xc8
  }
  if (scans === 0) throw new DamagedPicture('has no pixel data')
  if (!arithmetic) requirePixels(bytes, entropyBytes)
}

/** JPEG (ITU-T T.81) with an EXIF block. Bytes after the end of the image are ignored: phones append video there. */
export const jpeg: PictureContainer = {
  format: 'jpeg',
  matches: (bytes) => bytes[0] === 0xff && bytes[1] === marker.soi && bytes[2] === 0xff,
  readHeader,
  checkWhole,
}
