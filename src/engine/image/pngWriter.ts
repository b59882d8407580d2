import { once } from 'node:events'
import { createDeflate, deflateSync } from 'node:zlib'
import { encodePngChunk, pngSignature } from './containers/pngChunks'
import type { Pixels } from '#core/picture/pixels'

/** 3 drops alpha, 4 keeps it. */
export type PngChannels = 3 | 4

/**
 * Predictors of the five filters from the bytes to the left, above, and above left (PNG specification,
 * section 9.2).
 */
const predictors: readonly ((left: number, up: number, upLeft: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, up) => up,
  (left, up) => (left + up) >> 1,
  paeth,
]

function paeth(left: number, up: number, upLeft: number): number {
  const toLeft = Math.abs(up - upLeft)
  const toUp = Math.abs(left - upLeft)
  const toUpLeft = Math.abs(left + up - 2 * upLeft)
  if (toLeft <= toUp && toLeft <= toUpLeft) return left
  return toUp <= toUpLeft ? up : upLeft
}

/** Returns the distance of a filtered byte from 0, in either direction. */
function magnitude(rest: number): number {
  const byte = rest & 255
  return byte < 128 ? byte : 256 - byte
}

/** Chooses the filter with the smallest residuals (PNG specification, section 12.7). */
function chooseFilter(row: Uint8Array, above: Uint8Array, channels: number): number {
  let [none, sub, up, average, paethSum] = [0, 0, 0, 0, 0]
  for (let i = 0; i < row.length; i++) {
    const left = i < channels ? 0 : row[i - channels]
    const upLeft = i < channels ? 0 : above[i - channels]
    none += magnitude(row[i])
    sub += magnitude(row[i] - left)
    up += magnitude(row[i] - above[i])
    average += magnitude(row[i] - ((left + above[i]) >> 1))
    paethSum += magnitude(row[i] - paeth(left, above[i], upLeft))
  }
  const sums = [none, sub, up, average, paethSum]
  return sums.indexOf(Math.min(...sums))
}

/** Returns a row's filter type and the filtered bytes. */
function filterRow(row: Uint8Array, above: Uint8Array, channels: number): Uint8Array {
  const filter = chooseFilter(row, above, channels)
  const predict = predictors[filter]
  const filtered = new Uint8Array(row.length + 1)
  filtered[0] = filter
  for (let i = 0; i < row.length; i++) {
    const left = i < channels ? 0 : row[i - channels]
    const upLeft = i < channels ? 0 : above[i - channels]
    filtered[i + 1] = row[i] - predict(left, above[i], upLeft)
  }
  return filtered
}

function rowOf({ data, width }: Pixels, y: number, channels: PngChannels): Uint8Array {
  const rgba = data.subarray(y * width * 4, (y + 1) * width * 4)
  if (channels === 4) return new Uint8Array(rgba)
  const rgb = new Uint8Array(width * 3)
  for (let from = 0, to = 0; to < rgb.length; from += 4) {
    rgb[to++] = rgba[from]
    rgb[to++] = rgba[from + 1]
    rgb[to++] = rgba[from + 2]
  }
  return rgb
}

/** Filters all rows of a picture; `above` is the row before the first. */
function filterRows(rows: Pixels, above: Uint8Array, channels: PngChannels): Buffer {
  const filtered: Uint8Array[] = []
  for (let y = 0; y < rows.height; y++) {
    const row = rowOf(rows, y, channels)
    filtered.push(filterRow(row, above, channels))
    above = row
  }
  return Buffer.concat(filtered)
}

/** Encodes text for people and programs as a compressed iTXt chunk (PNG specification, section 11.3.3.4). */
export function encodePngText(keyword: string, text: string): Buffer {
  const compressed = deflateSync(Buffer.from(text, 'utf8'))
  return encodePngChunk('iTXt', Buffer.concat([Buffer.from(`${keyword}\0\x01\0\0\0`, 'latin1'), compressed]))
}

const sRgbChunk = encodePngChunk('sRGB', Buffer.of(0))

/** Colour types by the number of channels: 2 are grey and alpha. */
const colourTypes = { 2: 4, 3: 2, 4: 6 }

/**
 * Encodes the beginning of an 8-bit PNG file: signature, IHDR and colours.
 *
 * @param colour  the encoded chunk that describes its colours
 */
export function encodePngHead(
  width: number,
  height: number,
  channels: keyof typeof colourTypes,
  colour = sRgbChunk,
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, colourTypes[channels]], 8)
  return Buffer.concat([pngSignature, encodePngChunk('IHDR', header), colour])
}

/** The end of every PNG file. */
export const pngEnd = encodePngChunk('IEND', Buffer.alloc(0))

/** Compresses a picture that arrives row by row. Holds only one row and the compressor's window. */
export class PngCompressor {
  private readonly deflate = createDeflate()
  private readonly pending: Buffer[] = []
  private above: Uint8Array

  constructor(
    width: number,
    private readonly channels: PngChannels,
  ) {
    this.above = new Uint8Array(width * channels)
    this.deflate.on('data', (part: Buffer) => this.pending.push(part))
  }

  /** Adds rows of the full width; returns the part of the zlib stream that is ready, often nothing. */
  async add(rows: Pixels): Promise<Buffer> {
    const filtered = filterRows(rows, this.above, this.channels)
    this.above = rowOf(rows, rows.height - 1, this.channels)
    await new Promise<void>((resolve, reject) => {
      this.deflate.write(filtered, (error) => (error ? reject(error) : resolve()))
    })
    return this.take()
  }

  /** Returns the rest of the zlib stream. */
  async finish(): Promise<Buffer> {
    this.deflate.end()
    await once(this.deflate, 'end')
    return this.take()
  }

  private take(): Buffer {
    return Buffer.concat(this.pending.splice(0))
  }
}

/**
 * This many pixels are compressed in about a millisecond, while waiting for another thread can take longer.
 */
const pixelsAtOnce = 128 * 128

/** Compresses the pixel data of a PNG file to one zlib stream, the content of IDAT and fdAT chunks. */
export async function compressPngPixels(pixels: Pixels, channels: PngChannels): Promise<Buffer> {
  if (pixels.width * pixels.height <= pixelsAtOnce) {
    return deflateSync(filterRows(pixels, new Uint8Array(pixels.width * channels), channels))
  }
  const compressor = new PngCompressor(pixels.width, channels)
  return Buffer.concat([await compressor.add(pixels), await compressor.finish()])
}
