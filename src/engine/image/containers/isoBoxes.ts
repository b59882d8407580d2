import { DamagedPicture } from './container'

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
 * @throws DamagedPicture if a box is cut off; RangeError if its header is
 */
export function* isoBoxes(bytes: Buffer): Generator<IsoBox> {
  for (let at = 0; at < bytes.length;) {
    const { header, size } = extentAt(bytes, at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (size < header) throw new DamagedPicture(`is damaged: its ${type} box has no size`)
    if (at + size > bytes.length) throw new DamagedPicture(`is truncated: it ends inside its ${type} box`)
    yield { type, data: bytes.subarray(at + header, at + size) }
    at += size
  }
}

/**
 * Returns the contents of the first box of a type among the consecutive boxes in `bytes`.
 *
 * @throws DamagedPicture if there is none
 */
export function isoBox(bytes: Buffer, type: string): Buffer {
  for (const box of isoBoxes(bytes)) if (box.type === type) return box.data
  throw new DamagedPicture(`is damaged: it has no ${type} box`)
}

/** Encodes a box. */
export function encodeIsoBox(type: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + data.length, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, data])
}
