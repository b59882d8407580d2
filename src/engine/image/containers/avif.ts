import { limitByMemory } from '../pictureLimits'
import type { ContainerHeader, PictureContainer } from './container'
import { encodeIsoBox, fullBox, isoBox, isoBoxes, type IsoBox } from './isoBoxes'
import {
  type Association,
  associations,
  checkIsoWhole,
  hasWideIndices,
  isoBrands,
  ofBoxesOnly,
  readIsoHeader,
} from './isoPicture'
import { isSequence, withStill } from './isoSequence'

/**
 * Brands of pictures and sequences. A file may put a more general brand first and list these among the
 * compatible ones.
 */
const brands = /^avi[fs]$/

/**
 * Encodes the bits per channel as a `pixi` box, from the codec's configuration (AV1 in ISOBMFF,
 * section 2.3.3).
 */
function bitsOfChannels(av1C: Buffer): Buffer {
  const flags = av1C.readUInt8(2)
  const bits = flags & 0x40 ? (flags & 0x20 ? 12 : 10) : 8
  const channels = flags & 0x10 ? 1 : 3
  return encodeIsoBox('pixi', Buffer.from([0, 0, 0, 0, channels, ...Array<number>(channels).fill(bits)]))
}

/** Adds a property to an item's association. */
function withProperty({ bytes, countAt }: Association, index: number, wide: boolean): Buffer {
  const line = Buffer.concat([bytes, wide ? Buffer.from([index >> 8, index & 255]) : Buffer.of(index)])
  line[countAt]++
  return line
}

/**
 * Adds the bits per channel to the properties of every coded item that lacks them; returns null if none does.
 */
function completeProperties(iprp: Buffer): Buffer | null {
  const ipma = isoBox(iprp, 'ipma')
  const wide = hasWideIndices(ipma)
  const all: IsoBox[] = [...isoBoxes(isoBox(iprp, 'ipco'))]
  const known = all.length
  const lines = associations(ipma).map((line) => {
    const own = line.indices.map((index) => all[index - 1])
    const codec = own.find((box) => box?.type === 'av1C')
    if (!codec || own.some((box) => box?.type === 'pixi') || line.bytes[line.countAt] === 255)
      return line.bytes
    const pixi = bitsOfChannels(codec.data)
    all.push({ type: 'pixi', data: pixi.subarray(8) })
    return withProperty(line, all.length, wide)
  })
  if (all.length === known || all.length > 127) return null
  return Buffer.concat([
    encodeIsoBox('ipco', Buffer.concat(all.map(({ type, data }) => encodeIsoBox(type, data)))),
    encodeIsoBox('ipma', Buffer.concat([ipma.subarray(0, fullBox + 4), ...lines])),
  ])
}

/**
 * The decoder requires `pixi`, although it only repeats the codec's configuration; some writers omit it, and
 * browsers do without. The completed `meta` is appended at the end and the old one is marked as free space,
 * so the offsets of pixel data, which count from the beginning of the file, stay valid.
 */
function forDecoder(file: Buffer): Buffer {
  const bytes = withStill(file, 'avif')
  const boxes = [...isoBoxes(bytes)]
  const meta = boxes.find(({ type }) => type === 'meta')
  if (!meta) return bytes
  const parts = [...isoBoxes(meta.data.subarray(fullBox))]
  const iprp = parts.find(({ type }) => type === 'iprp')
  const completed = iprp && completeProperties(iprp.data)
  if (!completed) return bytes
  const old = Buffer.from(bytes)
  old.write('free', meta.data.byteOffset - bytes.byteOffset - 4, 'latin1')
  const rebuilt = parts.map((box) => encodeIsoBox(box.type, box === iprp ? completed : box.data))
  return Buffer.concat([
    old,
    encodeIsoBox('meta', Buffer.concat([meta.data.subarray(0, fullBox), ...rebuilt])),
  ])
}

/** Bytes per pixel, measured: planes, and the pixels twice. */
const decoderBytes = 13

function readHeader(bytes: Buffer): ContainerHeader {
  return {
    ...readIsoHeader(withStill(bytes, 'avif')),
    limit: limitByMemory('an AVIF picture', decoderBytes),
    ...(isSequence(bytes) && { more: 'frames' }),
  }
}

/** AVIF (AV1 Image File Format 1.1). */
export const avif: PictureContainer = ofBoxesOnly({
  format: 'avif',
  matches: (bytes) => isoBrands(bytes).some((brand) => brands.test(brand)),
  readHeader,
  checkWhole: checkIsoWhole,
  forDecoder,
})
