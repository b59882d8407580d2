import { cicpProfile } from '../colourProfile'
import type { Orientation } from '../orientation'
import { type ContainerHeader, DamagedPictureError, type PictureContainer } from './container'
import { fullBox, type IsoBox, isoBox, isoBoxes, withoutTrailer } from './isoBoxes'

/**
 * Orientation after `irot` has rotated anticlockwise 0 to 3 times, and then `imir` has swapped top and
 * bottom, or left and right.
 */
const orientations: Record<'turned' | 'topBottom' | 'leftRight', readonly Orientation[]> = {
  turned: [1, 8, 3, 6],
  topBottom: [4, 5, 2, 7],
  leftRight: [2, 7, 4, 5],
}

/**
 * Returns the brands of a file (ISO/IEC 14496-12, section 4.3), or none if it is not an ISO base media file.
 */
export function isoBrands(bytes: Buffer): string[] {
  if (bytes.length < 16 || bytes.toString('latin1', 4, 8) !== 'ftyp') return []
  const list = bytes.toString('latin1', 8, Math.min(bytes.readUInt32BE(0), 1024))
  // A version number stands between the first brand and the compatible ones.
  return [list.slice(0, 4), ...(list.slice(8).match(/.{4}/gs) ?? [])]
}

/** Returns the ID of the item that is shown (ISO/IEC 14496-12, section 8.11.4). */
function primaryItem(meta: Buffer): number {
  const box = isoBox(meta, 'pitm')
  return box[0] === 0 ? box.readUInt16BE(fullBox) : box.readUInt32BE(fullBox)
}

/** One item's entry in `ipma`: the indices of its properties, from 1; 0 means none. */
export interface Association {
  readonly item: number
  readonly indices: readonly number[]
  /** The entry as stored in the box. */
  readonly bytes: Buffer
  /** Offset in `bytes` of the number of properties, which is followed by one or two bytes for each. */
  readonly countAt: number
}

/** Whether `ipma` uses two bytes per index (ISO/IEC 23008-12, section 9.3). */
export function hasWideIndices(ipma: Buffer): boolean {
  return (ipma.readUInt8(3) & 1) === 1
}

/** Returns the entries of `ipma`. */
export function associations(ipma: Buffer): Association[] {
  const wide = hasWideIndices(ipma)
  const countAt = ipma.readUInt8(0) === 0 ? 2 : 4
  const lines: Association[] = []
  let at = fullBox + 4
  for (let left = ipma.readUInt32BE(fullBox); left > 0; left--) {
    const item = ipma.readUIntBE(at, countAt)
    const end = at + countAt + 1 + ipma.readUInt8(at + countAt) * (wide ? 2 : 1)
    ipma.readUInt8(end - 1)
    const bytes = ipma.subarray(at, end)
    lines.push({ item, indices: readIndices(bytes.subarray(countAt + 1), wide), bytes, countAt })
    at = end
  }
  return lines
}

function readIndices(list: Buffer, wide: boolean): number[] {
  if (!wide) return [...list].map((byte) => byte & 0x7f)
  return Array.from({ length: list.length / 2 }, (_, i) => list.readUInt16BE(i * 2) & 0x7fff)
}

/** Returns the properties of the picture that is shown: size, rotation, colour. */
function pictureProperties(bytes: Buffer): IsoBox[] {
  const meta = isoBox(bytes, 'meta').subarray(fullBox)
  const iprp = isoBox(meta, 'iprp')
  const all = [...isoBoxes(isoBox(iprp, 'ipco'))]
  const primary = primaryItem(meta)
  const line = associations(isoBox(iprp, 'ipma')).find(({ item }) => item === primary)
  if (!line) throw new DamagedPictureError('is damaged: its picture has no properties')
  return line.indices
    .filter((index) => index > 0)
    .map((index) => {
      if (index > all.length)
        throw new DamagedPictureError('is damaged: its picture has a property that is missing')
      return all[index - 1]
    })
}

function readOrientation(properties: readonly IsoBox[]): Orientation {
  const find = (wanted: string) => properties.find(({ type }) => type === wanted)?.data
  const turns = (find('irot')?.readUInt8(0) ?? 0) & 3
  const mirror = find('imir')?.readUInt8(0)
  if (mirror === undefined) return orientations.turned[turns]
  return orientations[mirror & 1 ? 'leftRight' : 'topBottom'][turns]
}

/**
 * Reads the size and orientation of the picture that is shown. Its properties define the rotation, not EXIF
 * (ISO/IEC 23008-12, section 6.5).
 *
 * @throws DamagedPictureError, RangeError if a box is missing or cut off
 */
export function readIsoHeader(bytes: Buffer): ContainerHeader {
  const properties = pictureProperties(bytes)
  const size = properties.find(({ type }) => type === 'ispe')?.data
  if (!size) throw new DamagedPictureError('is damaged: it declares no size')
  return {
    width: size.readUInt32BE(fullBox),
    height: size.readUInt32BE(fullBox + 4),
    orientation: readOrientation(properties),
    opaque: false,
  }
}

/**
 * Returns the size of the shown picture after its edges are cut off (ISO/IEC 14496-12, section 12.1.4), or
 * null if they are not.
 */
export function cleanAperture(bytes: Buffer): { width: number; height: number } | null {
  const clap = pictureProperties(bytes).find(({ type }) => type === 'clap')?.data
  if (!clap) return null
  const [width, height] = [0, 8].map((at) => Math.round(clap.readUInt32BE(at) / clap.readUInt32BE(at + 4)))
  return { width, height }
}

/**
 * Returns the colour profile of the picture that is shown: its own, or one made from the code points (`nclx`)
 * that name its colours. Returns null for sRGB, and if no colours are named.
 */
export function isoProfile(bytes: Buffer): Buffer | null {
  const colours = pictureProperties(bytes).filter(({ type }) => type === 'colr')
  const ofKind = (kind: RegExp) => colours.find(({ data }) => kind.test(data.toString('latin1', 0, 4)))?.data
  const profile = ofKind(/^(prof|rICC)$/)
  if (profile) return profile.subarray(4)
  const codePoints = ofKind(/^nclx$/)
  if (!codePoints) return null
  const named = cicpProfile(codePoints.readUInt16BE(4), codePoints.readUInt16BE(6))
  return typeof named === 'string' ? null : named
}

/** Makes a format ignore what follows the boxes of a file. */
export function ofBoxesOnly(container: PictureContainer): PictureContainer {
  const { readHeader, checkWhole, forDecoder } = container
  return {
    ...container,
    readHeader: (file) => readHeader(withoutTrailer(file)),
    checkWhole: (file) => checkWhole(withoutTrailer(file)),
    forDecoder: (file) => forDecoder(withoutTrailer(file)),
  }
}

/** @throws DamagedPictureError if a box is cut off, or none contains pixels */
export function checkIsoWhole(bytes: Buffer): void {
  const types = [...isoBoxes(bytes)].map(({ type }) => type)
  if (!types.includes('mdat') && !types.includes('moov')) throw new DamagedPictureError('has no pixel data')
}
