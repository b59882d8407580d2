import type { Orientation } from '../orientation'
import { type ContainerHeader, DamagedPicture, type PictureContainer } from './container'
import { type IsoBox, isoBox, isoBoxes } from './isoBoxes'

/** Full boxes begin with a version and flags. */
const fullBox = 4

/** Pictures and sequences. A file may put a more general brand first and name these among the compatible ones. */
const brands = /avif|avis/

/** Orientation after `irot` turned left 0 to 3 times, then after `imir` exchanged top and bottom, or left and right. */
const orientations: Record<'turned' | 'topBottom' | 'leftRight', readonly Orientation[]> = {
  turned: [1, 8, 3, 6],
  topBottom: [4, 5, 2, 7],
  leftRight: [2, 7, 4, 5],
}

function isAvif(bytes: Buffer): boolean {
  if (bytes.length < 12 || bytes.toString('latin1', 4, 8) !== 'ftyp') return false
  return brands.test(bytes.toString('latin1', 8, bytes.readUInt32BE(0)))
}

/** The item that is to be shown (ISO/IEC 14496-12, section 8.11.4). */
function primaryItem(meta: Buffer): number {
  const box = isoBox(meta, 'pitm')
  return box[0] === 0 ? box.readUInt16BE(fullBox) : box.readUInt32BE(fullBox)
}

/** Indices, from 1, of the properties of an item, as `ipma` lists them (ISO/IEC 23008-12, section 9.3). */
function propertyIndices(ipma: Buffer, item: number): number[] {
  const [version, wide] = [ipma.readUInt8(0), (ipma.readUInt8(3) & 1) === 1]
  const count = ipma.readUInt32BE(fullBox)
  let at = fullBox + 4
  for (let entry = 0; entry < count; entry++) {
    const id = version === 0 ? ipma.readUInt16BE(at) : ipma.readUInt32BE(at)
    at += version === 0 ? 2 : 4
    const associations = ipma.readUInt8(at++)
    const end = at + associations * (wide ? 2 : 1)
    if (id === item) return readIndices(ipma.subarray(at, end), wide)
    at = end
  }
  throw new DamagedPicture('is damaged: its picture has no properties')
}

function readIndices(list: Buffer, wide: boolean): number[] {
  if (!wide) return [...list].map((byte) => byte & 0x7f)
  return Array.from({ length: list.length / 2 }, (_, i) => list.readUInt16BE(i * 2) & 0x7fff)
}

/** The properties of the picture that is shown: size, turns, colour. */
function avifProperties(bytes: Buffer): IsoBox[] {
  const meta = isoBox(bytes, 'meta').subarray(fullBox)
  const iprp = isoBox(meta, 'iprp')
  const all = [...isoBoxes(isoBox(iprp, 'ipco'))]
  return propertyIndices(isoBox(iprp, 'ipma'), primaryItem(meta))
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

function readHeader(bytes: Buffer): ContainerHeader {
  const properties = avifProperties(bytes)
  const size = properties.find(({ type }) => type === 'ispe')?.data
  if (!size) throw new DamagedPicture('is damaged: it declares no size')
  return {
    width: size.readUInt32BE(fullBox),
    height: size.readUInt32BE(fullBox + 4),
    orientation: readOrientation(properties),
    opaque: false,
  }
}

/** The ICC profile of the picture that is shown; null when its colours are told by numbers (`nclx`) or not at all. */
export function avifProfile(bytes: Buffer): Buffer | null {
  const colour = avifProperties(bytes).find(
    ({ type, data }) => type === 'colr' && /^(prof|rICC)$/.test(data.toString('latin1', 0, 4)),
  )
  return colour ? colour.data.subarray(4) : null
}

function checkWhole(bytes: Buffer): void {
  const types = [...isoBoxes(bytes)].map(({ type }) => type)
  if (!types.includes('mdat') && !types.includes('moov')) throw new DamagedPicture('has no pixel data')
}

/** AVIF (AV1 Image File Format 1.1). Its own properties turn it, never EXIF. */
export const avif: PictureContainer = {
  format: 'avif',
  matches: isAvif,
  readHeader,
  checkWhole,
}
