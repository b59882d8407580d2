import { DamagedPictureError } from './container'
import { encodeIsoBox, fullBox, isoBox, isoBoxes, type IsoBox } from './isoBoxes'

/** Handlers of visible tracks; others carry alpha, depth or sound. */
const shownHandlers = new Set(['pict', 'vide'])

/**
 * Boxes of a sample entry that are equivalent to properties of a still (ISO/IEC 23008-12, annex B and
 * section 6.5).
 */
const properties = new Set(['hvcC', 'av1C', 'colr', 'clap', 'pasp'])

/** ID of the only picture in the files created here. */
const item = 1

/** Bytes of a visual sample entry before its boxes (ISO/IEC 14496-12, section 12.1.3). */
const entryFields = 78

/** The first picture of a track: how it is coded, and its bytes. */
interface FirstSample {
  readonly entry: IsoBox
  readonly data: Buffer
  /** Quarter turns anticlockwise that make it upright. */
  readonly turns: number
}

/** Returns the box at a path of types. */
function follow(bytes: Buffer, ...path: string[]): Buffer {
  return path.reduce(isoBox, bytes)
}

function shownTrack(bytes: Buffer): Buffer {
  for (const { type, data } of isoBoxes(isoBox(bytes, 'moov'))) {
    if (type !== 'trak') continue
    const handler = follow(data, 'mdia', 'hdlr').toString('latin1', fullBox + 4, fullBox + 8)
    if (shownHandlers.has(handler)) return data
  }
  throw new DamagedPictureError('has no track of pictures')
}

/** Returns where a track's first chunk starts, from the beginning of the file. */
function firstOffset(table: Buffer): number {
  for (const { type, data } of isoBoxes(table)) {
    if (type === 'stco') return data.readUInt32BE(fullBox + 4)
    if (type === 'co64') return Number(data.readBigUInt64BE(fullBox + 4))
  }
  throw new DamagedPictureError('has no pixel data')
}

/** Returns the rotation given by a track's matrix, in quarter turns; other transforms are ignored. */
function turnsOf(header: Buffer): number {
  const at = header[0] === 1 ? 52 : 40
  const [a, b] = [header.readInt32BE(at), header.readInt32BE(at + 4)].map(Math.sign)
  if (a !== 0) return a > 0 ? 0 : 2
  return b > 0 ? 3 : 1
}

/** Whether a file of the HEIF family has a track of more than one picture. */
export function isSequence(bytes: Buffer): boolean {
  if (![...isoBoxes(bytes)].some(({ type }) => type === 'moov')) return false
  try {
    const sizes = follow(shownTrack(bytes), 'mdia', 'minf', 'stbl', 'stsz')
    return sizes.readUInt32BE(fullBox + 4) > 1
  } catch {
    // Any still in the file can be used regardless. If the track itself is needed, reading it reports
    // the damage.
    return false
  }
}

function firstSample(bytes: Buffer): FirstSample {
  const track = shownTrack(bytes)
  const table = follow(track, 'mdia', 'minf', 'stbl')
  const [entry] = isoBoxes(isoBox(table, 'stsd').subarray(fullBox + 4))
  const sizes = isoBox(table, 'stsz')
  const size = sizes.readUInt32BE(fullBox) || sizes.readUInt32BE(fullBox + 8)
  const offset = firstOffset(table)
  if (!entry || offset + size > bytes.length)
    throw new DamagedPictureError('is truncated: part of its pixel data is missing')
  return { entry, data: bytes.subarray(offset, offset + size), turns: turnsOf(isoBox(track, 'tkhd')) }
}

function encodeFullBox(type: string, version: number, ...fields: (Buffer | string)[]): Buffer {
  const parts = fields.map((field) => (typeof field === 'string' ? Buffer.from(field, 'latin1') : field))
  return encodeIsoBox(type, Buffer.concat([Buffer.of(version, 0, 0, 0), ...parts]))
}

const uint16 = (value: number): Buffer => Buffer.of(value >> 8, value & 255)

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function encodeProperties({ entry, turns }: FirstSample): Buffer {
  const size = encodeFullBox(
    'ispe',
    0,
    uint32(entry.data.readUInt16BE(24)),
    uint32(entry.data.readUInt16BE(26)),
  )
  const kept = [...isoBoxes(entry.data.subarray(entryFields))]
    .filter(({ type }) => properties.has(type))
    .map(({ type, data }) => encodeIsoBox(type, data))
  const all = [size, ...kept, ...(turns > 0 ? [encodeIsoBox('irot', Buffer.of(turns))] : [])]
  const indices = Buffer.from(all.map((_, i) => i + 1))
  return encodeIsoBox(
    'iprp',
    Buffer.concat([
      encodeIsoBox('ipco', Buffer.concat(all)),
      encodeFullBox('ipma', 0, uint32(1), uint16(item), Buffer.of(all.length), indices),
    ]),
  )
}

function encodeMeta(sample: FirstSample, offset: number): Buffer {
  // With hev1, parameter sets may also be within the pixel data; decoders read both in the same way.
  const coding = sample.entry.type === 'hev1' ? 'hvc1' : sample.entry.type
  return encodeFullBox(
    'meta',
    0,
    encodeFullBox('hdlr', 0, uint32(0), 'pict', Buffer.alloc(13)),
    encodeFullBox('pitm', 0, uint16(item)),
    encodeFullBox(
      'iinf',
      0,
      uint16(1),
      encodeFullBox('infe', 2, uint16(item), uint16(0), coding, Buffer.of(0)),
    ),
    // Offsets and lengths of four bytes each; one item in one part.
    encodeFullBox('iloc', 0, Buffer.of(0x44, 0), uint16(1), uint16(item), uint16(0), uint16(1), uint32(offset), uint32(sample.data.length)), // prettier-ignore
    encodeProperties(sample),
  )
}

/**
 * Returns a file of the HEIF family with a still picture: the file itself if it has one, otherwise a new file
 * with the first picture of its sequence. Decoders of stills cannot read sequences.
 *
 * @param brand  the brand that the new file declares
 * @throws DamagedPictureError, RangeError if a box is missing or cut off
 */
export function withStill(bytes: Buffer, brand: 'heic' | 'avif'): Buffer {
  const boxes = [...isoBoxes(bytes)]
  if (boxes.some(({ type }) => type === 'meta') || !boxes.some(({ type }) => type === 'moov')) return bytes
  const sample = firstSample(bytes)
  const type = encodeIsoBox('ftyp', Buffer.from(`${brand}\0\0\0\0${brand}mif1`, 'latin1'))
  const offset = type.length + encodeMeta(sample, 0).length + 8
  return Buffer.concat([type, encodeMeta(sample, offset), encodeIsoBox('mdat', sample.data)])
}
