import { readTiffFractions, readTiffNumbers } from '../tiffTags'

const tag = { luma: 529, subsampling: 530, range: 532 }

/** How a brightness and two colours become red, green and blue (TIFF 6.0, sections 20 and 21). */
export interface Ycbcr {
  /** How many pixels share their colours, across and down. */
  readonly shared: readonly [across: number, down: number]
  /** The shares of red, green and blue in the brightness. */
  readonly luma: readonly number[]
  /** The samples of black and white, and those of no and of full colour for each of the two colours. */
  readonly range: readonly number[]
}

/** The usual shares, of ITU-R BT.601. */
const usualLuma = [0.299, 0.587, 0.114]
/** The full range, as in JFIF, in 8 bits. */
const usualRange = [0, 255, 128, 255, 128, 255]

/**
 * Reads how the brightness and colours of a TIFF picture are stored. Values that lead to no colour count as missing.
 *
 * @throws RangeError if the file ends early
 */
export function readYcbcr(bytes: Buffer, bits: number): Ycbcr {
  const [across = 2, down = 2] = readTiffNumbers(bytes, tag.subsampling) ?? []
  const luma = readTiffFractions(bytes, tag.luma) ?? []
  const range = readTiffFractions(bytes, tag.range) ?? []
  const isUsable = [0, 2, 4].every((at) => range[at + 1] - range[at] > 0)
  return {
    shared: [across, down],
    luma: luma.length === 3 && luma[1] > 0 ? luma : usualLuma,
    range:
      range.length === 6 && isUsable ? range : usualRange.map((value) => (value * (2 ** bits - 1)) / 255),
  }
}

/** Whether the samples of a picture are stored by pixel. */
export function hasOwnColours({ shared: [across, down] }: Ycbcr): boolean {
  return across === 1 && down === 1
}

/** Whether pixels share their colours in a number that TIFF knows. */
export function isKnownSharing({ shared }: Ycbcr): boolean {
  return shared.every((pixels) => [1, 2, 4].includes(pixels))
}

/** Returns the bytes of rows of pixels that share colours. Units at the edges are whole. */
export function sharedBytes(width: number, rows: number, { shared: [across, down] }: Ycbcr): number {
  return Math.ceil(width / across) * Math.ceil(rows / down) * (across * down + 2)
}

/**
 * Gives every pixel its colours. They are stored in units: the brightness of each pixel, row by row, then the two
 * colours that all of them share. Like libtiff, this does not interpolate colours, so where they were measured
 * (YCbCrPositioning) makes no difference.
 *
 * @returns three samples for each pixel
 */
export function giveOwnColours(
  units: Uint8Array,
  { width, rows }: { readonly width: number; readonly rows: number },
  { shared: [across, down] }: Ycbcr,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(width * rows * 3)
  const [perUnit, perRow] = [across * down + 2, Math.ceil(width / across)]
  for (let y = 0, to = 0; y < rows; y++) {
    const [row, within] = [Math.floor(y / down) * perRow, (y % down) * across]
    for (let x = 0; x < width; x++) {
      const unit = (row + Math.floor(x / across)) * perUnit
      out[to++] = units[unit + within + (x % across)]
      out[to++] = units[unit + perUnit - 2]
      out[to++] = units[unit + perUnit - 1]
    }
  }
  return out
}
