import { cicpProfile } from '../colourProfile'
import type { Orientation } from '../orientation'
import { type ContainerHeader, DamagedPicture } from './container'
import { fullBox, type IsoBox, isoBox, isoBoxes } from './isoBoxes'

/** Orientation after `irot` turned left 0 to 3 times, then after `imir` exchanged top and bottom, or left and right. */
const orientations: Record<'turned' | 'topBottom' | 'leftRight', readonly Orientation[]> = {
  turned: [1, 8, 3, 6],
  topBottom: [4, 5, 2, 7],
  leftRight: [2, 7, 4, 5],
}

/** The brands a file says it can be read as (ISO/IEC 14496-12, section 4.3); none where it is no such file. */
export function isoBrands(bytes: Buffer): string[] {
  if (bytes.length < 16 || bytes.toString('latin1', 4, 8) !== 'ftyp') return []
  const list = bytes.toString('latin1', 8, Math.min(bytes.readUInt32BE(0), 1024))
  // Between the first brand and the compatible ones stands a version.
  return [list.slice(0, 4), ...(list.slice(8).match(/.{4}/gs) ?? [])]
}

/** The item that is to be shown (ISO/IEC 14496-12, section 8.11.4). */
function primaryItem(meta: Buffer): number {
  const box = isoBox(meta, 'pitm')
  return box[0] === 0 ? box.readUInt16BE(fullBox) : box.readUInt32BE(fullBox)
}

/** One item's line in `ipma`: its properties by their indices, from 1; 0 stands for none. */
export interface Association {
  readonly item: number
  readonly indices: readonly number[]
  /** The line as it stands in the box. */
  readonly bytes: Buffer
  /** Where in `bytes` the number of properties stands; one or two bytes for each follow it. */
  readonly countAt: number
}

/** Whether `ipma` spends two bytes on an index (ISO/IEC 23008-12, section 9.3). */
export function hasWideIndices(ipma: Buffer): boolean {
  return (ipma.readUInt8(3) & 1) === 1
}

/** The lines of `ipma`. */
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

/** The properties of the picture that is shown: size, turns, colour. */
function pictureProperties(bytes: Buffer): IsoBox[] {
  const meta = isoBox(bytes, 'meta').subarray(fullBox)
  const iprp = isoBox(meta, 'iprp')
  const all = [...isoBoxes(isoBox(iprp, 'ipco'))]
  const primary = primaryItem(meta)
  const line = associations(isoBox(iprp, 'ipma')).find(({ item }) => item === primary)
  if (!line) throw new DamagedPicture('is damaged: its picture has no properties')
  return line.indices
    .filter((index) => index > 0)
    .map((index) => {
      if (index > all.length)
        throw new DamagedPicture('is damaged: its picture has a property that is missing')
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
 * Size and orientation of the picture that is shown. Its own properties turn it, never EXIF (ISO/IEC 23008-12, section 6.5).
 *
 * @throws DamagedPicture, RangeError where a box is missing or cut off
 */
export function readIsoHeader(bytes: Buffer): ContainerHeader {
  const properties = pictureProperties(bytes)
  const size = properties.find(({ type }) => type === 'ispe')?.data
  if (!size) throw new DamagedPicture('is damaged: it declares no size')
  return {
    width: size.readUInt32BE(fullBox),
    height: size.readUInt32BE(fullBox + 4),
    orientation: readOrientation(properties),
    opaque: false,
  }
}

/**
 * The size that is left of the picture that is shown once its edges are cut off (ISO/IEC 14496-12, section 12.1.4);
 * null where nothing is.
 */
export function cleanAperture(bytes: Buffer): { width: number; height: number } | null {
  const clap = pictureProperties(bytes).find(({ type }) => type === 'clap')?.data
  if (!clap) return null
  const [width, height] = [0, 8].map((at) => Math.round(clap.readUInt32BE(at) / clap.readUInt32BE(at + 4)))
  return { width, height }
}

/**
 * The profile of the picture that is shown: its own, or that of the code points (`nclx`) that name its colours. Null
 * where they are sRGB, or nothing names them.
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

/** @throws DamagedPicture where a box is cut off, or none holds pixels */
export function checkIsoWhole(bytes: Buffer): void {
  const types = [...isoBoxes(bytes)].map(({ type }) => type)
  if (!types.includes('mdat') && !types.includes('moov')) throw new DamagedPicture('has no pixel data')
}
