import { DamagedPictureError } from './container'

/** One box of an ISO base media file (ISO/IEC 14496-12, section 4.2). */
export interface IsoBox {
  readonly type: string
  /** The contents after size and type. */
  readonly data: Buffer
}

/** Length in bytes of the version and flags that full boxes start with. */
export const fullBox = 4

interface Extent {
  readonly header: number
  readonly size: number
}

function extentAt(bytes: Buffer, at: number): Extent {
  const size = bytes.readUInt32BE(at)
  if (size === 0) return { header: 8, size: bytes.length - at }
  if (size === 1) return { header: 16, size: Number(bytes.readBigUInt64BE(at + 8)) }
  return { header: 8, size }
}

/**
 * Iterates over the consecutive boxes in `bytes`.
 *
 * @throws DamagedPictureError if a box is cut off; RangeError if its header is
 */
export function* isoBoxes(bytes: Buffer): Generator<IsoBox> {
  for (let at = 0; at < bytes.length;) {
    const { header, size } = extentAt(bytes, at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (size < header) throw new DamagedPictureError(`is damaged: its ${type} box has no size`)
    if (at + size > bytes.length)
      throw new DamagedPictureError(`is truncated: it ends inside its ${type} box`)
    yield { type, data: bytes.subarray(at + header, at + size) }
    at += size
  }
}

/** The boxes that describe a picture and hold its pixels. */
const essential = /^(meta|moov|moof|mdat)$/

/** Returns the type and size of the whole box at an offset; null if there is none. */
function wholeBoxAt(bytes: Buffer, at: number): { readonly type: string; readonly size: number } | null {
  const isLong = at + 8 <= bytes.length && bytes.readUInt32BE(at) === 1
  if (at + (isLong ? 16 : 8) > bytes.length) return null
  const { header, size } = extentAt(bytes, at)
  if (size < header || at + size > bytes.length) return null
  return { type: bytes.toString('latin1', at + 4, at + 8), size }
}

/**
 * Returns a file without what follows its boxes, such as a line of text that a mail program has added. A file
 * that may have lost part of its picture is returned as it is.
 */
export function withoutTrailer(file: Buffer): Buffer {
  const types = new Set<string>()
  let at = 0
  for (let box = wholeBoxAt(file, at); box !== null; box = wholeBoxAt(file, at)) {
    types.add(box.type)
    at += box.size
  }
  const isComplete = types.has('mdat') && (types.has('meta') || types.has('moov'))
  return isComplete && !essential.test(file.toString('latin1', at + 4, at + 8)) ? file.subarray(0, at) : file
}

/**
 * Returns the contents of the first box of a type among the consecutive boxes in `bytes`.
 *
 * @throws DamagedPictureError if there is none
 */
export function isoBox(bytes: Buffer, type: string): Buffer {
  for (const box of isoBoxes(bytes)) if (box.type === type) return box.data
  throw new DamagedPictureError(`is damaged: it has no ${type} box`)
}

/** Encodes a box. */
export function encodeIsoBox(type: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + data.length, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, data])
}
