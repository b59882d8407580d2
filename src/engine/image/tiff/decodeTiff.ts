import type * as geotiff from 'geotiff'
import { DamagedPicture, UnreadPicture } from './containers/container'
import { jpeg } from './containers/jpeg'
import { readTiffBlocks, type TiffBlocks } from './containers/tiff'
import { type Orientation, swapsSides, uprightTransform } from './orientation'
import { reduced } from './imagePixels'
import { reductionOf } from './pictureLimits'
import { createPixels, type Pixels } from './pixels'
import { unpackers } from './tiffCompression'
import { readTiffNumbers } from './tiffTags'

/** Tags and their values (TIFF 6.0). */
const tag = {
  bits: 258,
  compression: 259,
  photometric: 262,
  samples: 277,
  colours: 320,
  extraSamples: 338,
  sampleFormat: 339,
}
const photometric = { whiteIsZero: 0, blackIsZero: 1, rgb: 2, palette: 3, cmyk: 5, ycbcr: 6 }
const alphaKind = { premultiplied: 1, plain: 2 }

const stored = 1
const jpegCompression = 7

/** Those that libraries agree on; others have ranges and signs that nothing tells. */
const readableBits = new Set([1, 2, 4, 8, 16])

/** Bytes of all samples, as they are unpacked. */
const mostRasterBytes = 2 ** 29

/** What the samples of a pixel mean, all of them scaled to 0 … 255 but an index into a palette. */
interface Layout {
  readonly compression: number
  readonly photometric: number
  readonly samples: number
  readonly bits: number
  /** Red, then green, then blue of every index, on 16 bits. */
  readonly palette: readonly number[]
  /** The kind of alpha, 0 for none, and which sample it is. */
  readonly alpha: number
  readonly alphaAt: number
}

/** Samples that make a colour, by photometric interpretation. */
const colourSamples: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3 }

function readLayout(bytes: Buffer): Layout {
  const numbers = (wanted: number) => readTiffNumbers(bytes, wanted) ?? []
  const bits = numbers(tag.bits)
  const kind = numbers(tag.photometric)[0] ?? photometric.blackIsZero
  const colours = colourSamples[kind]
  const [compression = stored] = numbers(tag.compression)
  if (compression !== stored && compression !== jpegCompression && !(compression in unpackers)) {
    throw new UnreadPicture(
      'is a TIFF picture compressed in a way that is not read. Save it with LZW, or as PNG.',
    )
  }
  if (colours === undefined) {
    throw new UnreadPicture('is a TIFF picture in colours that are not read. Save it as RGB, or as PNG.')
  }
  if (numbers(tag.sampleFormat).some((format) => format !== 1)) {
    throw new UnreadPicture(
      'is a TIFF picture of floating-point numbers, which is not read. Save it as 16-bit PNG.',
    )
  }
  const [alpha = 0] = numbers(tag.extraSamples)
  const samples = colours + numbers(tag.extraSamples).length
  if ((numbers(tag.samples)[0] ?? 1) !== samples)
    throw new DamagedPicture('has samples that nothing explains')
  if (!readableBits.has(bits[0] ?? 1) || bits.some((each) => each !== bits[0])) {
    throw new UnreadPicture(
      `is a TIFF picture of ${bits.join(', ')} bits a sample, which is not read. Save it as PNG.`,
    )
  }
  return {
    compression,
    photometric: kind,
    samples,
    bits: bits[0] ?? 1,
    palette: numbers(tag.colours),
    alpha: alpha === alphaKind.premultiplied || alpha === alphaKind.plain ? alpha : 0,
    alphaAt: colours,
  }
}

/** Red, green and blue, 0 to 255, of the pixel whose samples begin at `at`, written to `out` from `to` on. */
type WriteColour = (samples: ArrayLike<number>, at: number, out: Uint8ClampedArray, to: number) => void

/** How the samples of each photometric interpretation become a colour. Nothing is made for a pixel: there are millions. */
function colourWriter({ photometric: kind, bits, palette }: Layout): WriteColour {
  const scale = 255 / (2 ** bits - 1)
  switch (kind) {
    case photometric.whiteIsZero:
      return (samples, at, out, to) => out.fill(255 - samples[at] * scale, to, to + 3)
    case photometric.blackIsZero:
      return (samples, at, out, to) => out.fill(samples[at] * scale, to, to + 3)
    case photometric.palette:
      return (samples, at, out, to) => {
        const size = palette.length / 3
        for (let channel = 0; channel < 3; channel++)
          out[to + channel] = palette[channel * size + samples[at]] / 257
      }
    case photometric.cmyk:
      return (samples, at, out, to) => {
        const light = 255 - samples[at + 3] * scale
        for (let ink = 0; ink < 3; ink++) out[to + ink] = ((255 - samples[at + ink] * scale) * light) / 255
      }
    case photometric.ycbcr:
      // Full range, as JFIF has it.
      return (samples, at, out, to) => {
        const y = samples[at] * scale
        const [blue, red] = [samples[at + 1] * scale - 128, samples[at + 2] * scale - 128]
        out[to] = y + 1.402 * red
        out[to + 1] = y - 0.344136 * blue - 0.714136 * red
        out[to + 2] = y + 1.772 * blue
      }
    default:
      return (samples, at, out, to) => {
        for (let channel = 0; channel < 3; channel++) out[to + channel] = samples[at + channel] * scale
      }
  }
}

function toPixels(raster: Raster, layout: Layout): Pixels {
  const pixels = createPixels(raster.width, raster.height)
  const { data } = pixels
  const scale = 255 / (2 ** layout.bits - 1)
  const writeColour = colourWriter(layout)
  for (let at = 0, to = 0; to < data.length; at += layout.samples, to += 4) {
    writeColour(raster, at, data, to)
    const alpha = layout.alpha ? raster[at + layout.alphaAt] * scale : 255
    data[to + 3] = alpha
    if (layout.alpha !== alphaKind.premultiplied || alpha === 0) continue
    for (let channel = 0; channel < 3; channel++) data[to + channel] = (data[to + channel] * 255) / alpha
  }
  return pixels
}

function setUpright(stored: Pixels, orientation: Orientation): Pixels {
  if (orientation === 1) return stored
  const { width, height } = stored
  const [a, b, c, d, e, f] = uprightTransform(orientation, width, height)
  const upright = swapsSides(orientation) ? createPixels(height, width) : createPixels(width, height)
  const [from, to] = [new Uint32Array(stored.data.buffer), new Uint32Array(upright.data.buffer)]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // The map is one of areas; a pixel's place is that of its centre.
      const column = Math.floor(a * (x + 0.5) + c * (y + 0.5) + e)
      const row = Math.floor(b * (x + 0.5) + d * (y + 0.5) + f)
      to[row * upright.width + column] = from[y * width + x]
    }
  }
  return upright
}

/** Bytes of a block once unpacked, rows being whole bytes. */
function unpackedBytes(
  { width, height }: Pick<TiffBlocks, 'width' | 'height'>,
  { bits, samples }: Layout,
): number {
  return Math.ceil((width * samples * bits) / 8) * height
}

/** @throws DamagedPicture where the samples are more than memory should hold, or a JPEG block is larger than it may be */
function requireModestSize(blocks: TiffBlocks, layout: Layout): void {
  if (unpackedBytes(blocks, layout) > mostRasterBytes) throw new DamagedPicture('has too many samples')
  if (layout.compression !== jpegCompression) return
  for (const part of blocks.parts) {
    const { width, height } = jpeg.readHeader(part)
    if (width * height > blocks.width * blocks.height)
      throw new DamagedPicture('has a part larger than it declares')
  }
}

/** Gives geotiff ways to unpack blocks that stop at their declared size; its own fill the memory. */
function limitUnpacking(
  { addDecoder, BaseDecoder }: Pick<typeof geotiff, 'addDecoder' | 'BaseDecoder'>,
  layout: Layout,
): void {
  for (const [compression, unpack] of Object.entries(unpackers)) {
    const limited = class extends BaseDecoder {
      override decodeBlock(block: ArrayBufferLike): ArrayBufferLike {
        const { tileWidth: width, tileHeight: height } = this.parameters
        const size = unpackedBytes({ width, height }, layout)
        return Uint8Array.from(unpack(new Uint8Array(block), size)).buffer
      }
    }
    addDecoder([Number(compression)], () => Promise.resolve(limited))
  }
}

/** Samples of an interleaved raster, row by row. */
type Raster = ArrayLike<number> & { readonly width: number; readonly height: number }

/** Rows read at once, as long as blocks are not higher. */
const chunkRows = 256

/** Rows that are read together: whole blocks, so that none is unpacked twice, and an even number of them. */
function rowsAtOnce(blockHeight: number): number {
  return 2 * blockHeight * Math.max(1, Math.floor(chunkRows / (2 * blockHeight)))
}

/**
 * Decodes the first picture of a TIFF file by geotiff, which is loaded when the first one comes: upright, its colours not
 * yet converted.
 *
 * @throws UnreadPicture where its samples are of a kind that is not read; whatever geotiff has to say of a damaged one
 */
export async function decodeTiff(bytes: Buffer, orientation: Orientation): Promise<Pixels> {
  const layout = readLayout(bytes)
  const blocks = readTiffBlocks(bytes)
  requireModestSize(blocks, layout)
  const library = await import('geotiff')
  limitUnpacking(library, layout)
  const file = await library.fromArrayBuffer(new Uint8Array(bytes).buffer)
  const image = await file.getImage(0)
  // It knows no default for the bits of a sample, which black-and-white pictures rely on.
  image.fileDirectory.actualizedFields.set(tag.bits, Array<number>(layout.samples).fill(layout.bits))
  const [width, height] = [image.getWidth(), image.getHeight()]
  const reduction = reductionOf({ width, height })
  const pixels = createPixels(Math.ceil(width / reduction), Math.ceil(height / reduction))
  const rows = rowsAtOnce(blocks.height)
  for (let top = 0; top < height; top += rows) {
    const window = [0, top, width, Math.min(height, top + rows)]
    const raster = (await image.readRasters({ interleave: true, window })) as unknown as Raster
    const { data } = reduced(toPixels(raster, layout), reduction)
    pixels.data.set(data, (top / reduction) * pixels.width * 4)
  }
  return setUpright(pixels, orientation)
}

const profileTag = 34675

/** The ICC profile of a TIFF file; null where it has none. */
export function tiffProfile(bytes: Buffer): Buffer | null {
  const profile = readTiffNumbers(bytes, profileTag)
  return profile && Buffer.from(profile)
}
