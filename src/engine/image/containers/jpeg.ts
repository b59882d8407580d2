import { readExifOrientation } from '../orientation'
import { limitByMemory } from '../pictureLimits'
import {
  type CodingLimit,
  type ContainerHeader,
  DamagedPictureError,
  type PictureContainer,
  UnsupportedPictureError,
} from './container'
import { isProgressive, type JpegSegment, lacksCoefficients } from './jpegScans'

const marker = { tem: 0x01, rst0: 0xd0, soi: 0xd8, eoi: 0xd9, sos: 0xda, app0: 0xe0, app1: 0xe1 }
const exifSignature = 'Exif\0\0'

/** DHT, JPG and DAC lie among the codes of the frame headers SOF0 … SOF15. */
const notFrames = new Set([0xc4, 0xc8, 0xcc])

/** What may follow a scan: tables, another scan, the number of lines, application data, comments. */
const afterScan = new Set([0xc4, 0xcc, 0xda, 0xdb, 0xdc, 0xdd, 0xfe])

/**
 * The application data that affects how pixels are decoded: JFIF, the ICC profile, Adobe's colour transform.
 */
const decoderApps: readonly (readonly [code: number, signature: string])[] = [
  [0xe0, 'JFIF\0'],
  [0xe2, 'ICC_PROFILE\0'],
  [0xee, 'Adobe'],
]

/** A progressive picture has about ten scans; thousands of empty ones keep a decoder busy for minutes. */
const maxScans = 500

const startOfImage = Buffer.from([0xff, marker.soi])
const endOfImage = Buffer.from([0xff, marker.eoi])

interface JpegFile {
  readonly segments: readonly JpegSegment[]
  /** Whether the end-of-image marker is present. */
  readonly ended: boolean
}

/**
 * Returns where the entropy-coded data that starts at `at` ends: at a marker that is neither stuffing nor
 * a restart.
 */
function endOfScan(bytes: Buffer, at: number): number {
  for (;;) {
    at = bytes.indexOf(0xff, at)
    if (at < 0) return bytes.length
    if (at + 1 >= bytes.length) return at
    const code = bytes[at + 1]
    const isMarker = code !== 0 && code !== 0xff && !(code >= marker.rst0 && code < marker.soi)
    if (isMarker) return at
    at += code === 0xff ? 1 : 2
  }
}

/**
 * Returns where the next marker starts, or -1 if there is none. Like decoders, skips anything between two
 * segments that is not a marker.
 */
function nextMarker(bytes: Buffer, at: number): number {
  do at = bytes.indexOf(0xff, at)
  while (at >= 0 && (bytes[at + 1] === 0xff || bytes[at + 1] === 0 || bytes[at + 1] === marker.tem) && ++at)
  return at
}

/**
 * Reads the segment at a marker.
 *
 * @throws RangeError if the file ends inside it
 */
function segmentAt(bytes: Buffer, at: number): JpegSegment {
  const code = bytes.readUInt8(at + 1)
  const length = bytes.readUInt16BE(at + 2)
  if (length < 2) throw new DamagedPictureError('is damaged: one of its segments has no length')
  bytes.readUInt8(at + 1 + length)
  const end = at + 2 + length
  const next = code === marker.sos ? endOfScan(bytes, end) : end
  return {
    code,
    data: bytes.subarray(at + 4, end),
    bytes: bytes.subarray(at, next),
    entropyBytes: next - end,
  }
}

function mayFollowScan(bytes: Buffer, at: number): boolean {
  const code = bytes[at + 1]
  const isKnown = afterScan.has(code) || (code >= marker.app0 && code <= 0xef)
  return isKnown && at + 3 < bytes.length && at + 2 + bytes.readUInt16BE(at + 2) <= bytes.length
}

/**
 * Reads the marker segments (ITU-T T.81, annex B) up to the end of the image. Without an end-of-image marker,
 * the image ends after the last scan: phones write their own data there, and when a program loses bytes, it
 * is the last ones.
 */
function readSegments(bytes: Buffer): JpegFile {
  const segments: JpegSegment[] = []
  let scans = 0
  for (let at = nextMarker(bytes, 2); ; at = nextMarker(bytes, at)) {
    if (at >= 0 && bytes[at + 1] === marker.eoi) return { segments, ended: true }
    if (scans > 0 && (at < 0 || !mayFollowScan(bytes, at))) return { segments, ended: false }
    if (at < 0) throw new DamagedPictureError('is truncated: it ends before its pixel data')
    const segment = segmentAt(bytes, at)
    segments.push(segment)
    at += segment.bytes.length
    if (segment.code === marker.sos && ++scans > maxScans) {
      throw new DamagedPictureError(`has more than ${maxScans} scans`)
    }
  }
}

function isFrameHeader(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && !notFrames.has(code)
}

/** @throws UnsupportedPictureError for the kinds of JPEG that viewers do not show either */
function requireReadableKind(code: number, bits: number): void {
  if ((code & 3) === 3)
    throw new UnsupportedPictureError('is a lossless JPEG, which is not read. Save it as PNG.')
  if (code > 0xc4 && code !== 0xc9 && code !== 0xca)
    throw new UnsupportedPictureError(
      'is a hierarchical JPEG, which is not read. Save it as an ordinary JPEG.',
    )
  if (bits !== 8)
    throw new UnsupportedPictureError(
      `is a JPEG of ${bits} bits a channel; only 8 bits are read. Save it as a 16-bit PNG.`,
    )
}

function isExif({ code, data }: JpegSegment): boolean {
  return code === marker.app1 && data.toString('latin1', 0, 6) === exifSignature
}

/** Limit on the pixels of all scans together, because each scan takes time. */
const mostScannedPixels = 2 ** 30

/**
 * For a picture in several scans, the decoder holds all coefficients until the last scan, in two bytes each.
 */
function limitOfScans({ data }: JpegSegment, scans: number): CodingLimit {
  const components = Array.from({ length: data.readUInt8(5) }, (_, i) => {
    const sampling = data.readUInt8(7 + i * 3)
    return { across: sampling >> 4, down: sampling & 15 }
  })
  const whole =
    Math.max(...components.map(({ across }) => across)) * Math.max(...components.map(({ down }) => down))
  const coefficients = components.reduce((sum, { across, down }) => sum + (across * down) / whole, 0)
  const { of, pixels } = limitByMemory(
    `a JPEG picture in ${scans} scans`,
    2 * coefficients + (components.length === 1 ? 1 : 4),
  )
  return { of, pixels: Math.min(pixels, Math.floor(mostScannedPixels / scans)) }
}

function readHeader(bytes: Buffer): ContainerHeader {
  const { segments, ended } = readSegments(bytes)
  const frame = segments.find(({ code }) => isFrameHeader(code))
  if (!frame) throw new DamagedPictureError('is damaged: it has no frame header')
  requireReadableKind(frame.code, frame.data.readUInt8(0))
  const exif = segments.find(isExif)
  const scans = segments.filter(({ code }) => code === marker.sos).length
  return {
    width: frame.data.readUInt16BE(3),
    height: frame.data.readUInt16BE(1),
    orientation: exif ? readExifOrientation(exif.data) : 1,
    opaque: true,
    unended: !ended,
    ...((isProgressive(frame) || scans > 1) && { limit: limitOfScans(frame, scans) }),
  }
}

/**
 * Checks that there is enough entropy-coded data, because decoders silently fill missing pixels with grey.
 * Huffman coding uses at least one bit per block of 8 x 8 pixels, so this detects the worst cases; arithmetic
 * coding (SOF9 and above) may use less.
 */
function requirePixels(bytes: Buffer, entropyBytes: number): void {
  const { width, height } = readHeader(bytes)
  if (entropyBytes * 8 < Math.ceil(width / 8) * Math.ceil(height / 8)) {
    throw new DamagedPictureError('is damaged: part of its pixel data is missing')
  }
}

function checkWhole(bytes: Buffer): void {
  const { segments, ended } = readSegments(bytes)
  const scans = segments.filter(({ code }) => code === marker.sos)
  if (scans.length === 0) throw new DamagedPictureError('has no pixel data')
  if (!ended && lacksCoefficients(segments))
    throw new DamagedPictureError('is truncated: some of its scans are missing')
  const arithmetic = segments.some(({ code }) => isFrameHeader(code) && code > 0xc8)
  const entropyBytes = scans.reduce((sum, scan) => sum + scan.entropyBytes, 0)
  if (!arithmetic) requirePixels(bytes, entropyBytes)
}

function isForDecoder({ code, data }: JpegSegment): boolean {
  if (code < marker.app0) return true
  return decoderApps.some(
    ([app, signature]) => code === app && data.toString('latin1', 0, signature.length) === signature,
  )
}

function forDecoder(bytes: Buffer): Buffer {
  const parts = readSegments(bytes).segments.filter(isForDecoder)
  return Buffer.concat([startOfImage, ...parts.map((segment) => segment.bytes), endOfImage])
}

/**
 * Adobe's segment, which states whether three channels are YCbCr or RGB (Adobe Technical Note 5116,
 * section 18).
 */
function adobeSegment(isYcbcr: boolean): Buffer {
  return Buffer.from(`\xff\xee\0\x0eAdobe\0\x64\0\0\0\0${isYcbcr ? '\x01' : '\0'}`, 'latin1')
}

/**
 * Builds a complete JPEG file from one of a TIFF file's blocks, which omit the tables that they share.
 *
 * @param tables  the shared tables, themselves a JPEG file without a picture; empty if there are none
 * @param isYcbcr  whether three channels are YCbCr, which the decoder converts to RGB
 * @throws DamagedPictureError, RangeError
 */
export function joinTables(block: Buffer, tables: Buffer, isYcbcr: boolean): Buffer {
  const parts = readSegments(block).segments.filter(({ code }) => code < marker.app0)
  return Buffer.concat([
    startOfImage,
    adobeSegment(isYcbcr),
    tables.subarray(2, -2),
    ...parts.map((segment) => segment.bytes),
    endOfImage,
  ])
}

/**
 * JPEG (ITU-T T.81) with an EXIF block. Bytes after the end of the image are ignored: phones append
 * video there.
 */
export const jpeg: PictureContainer = {
  format: 'jpeg',
  matches: (bytes) => bytes[0] === 0xff && bytes[1] === marker.soi && bytes[2] === 0xff,
  readHeader,
  checkWhole,
  forDecoder,
}
