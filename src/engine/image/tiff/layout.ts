import { DamagedPictureError, UnsupportedPictureError } from '../containers/container'
import { readTiffNumbers, tiffCompression } from '../tiffTags'
import { unpackers } from './compression'
import { hasOwnColours, isKnownSharing, readYcbcr, type Ycbcr } from './ycbcr'

/** Tags and their values (TIFF 6.0). */
const tag = {
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  samples: 277,
  planar: 284,
  predictor: 317,
  colours: 320,
  extraSamples: 338,
  sampleFormat: 339,
}

/** The tag of the ICC profile. */
export const profileTag = 34675

/** Photometric interpretations: the meaning of samples. */
export const photometric = { whiteIsZero: 0, blackIsZero: 1, rgb: 2, palette: 3, cmyk: 5, ycbcr: 6 }

/** Kinds of alpha among the extra samples. */
export const alphaKind = { premultiplied: 1, plain: 2 }

const { stored } = tiffCompression
/** The compression whose blocks are JPEG files instead of plain samples. */
export const jpegCompression = tiffCompression.jpeg

/** Bit depths that programs agree on; others have undefined ranges and signs. */
const readableBits = new Set([1, 2, 4, 8, 16])

/** The meaning of a pixel's samples, and how they are stored in the file. */
export interface Layout {
  readonly bigEndian: boolean
  /** Whether the lowest bit of each byte comes first instead of the highest. */
  readonly lowBitFirst: boolean
  readonly compression: number
  /** Whether each row stores differences from the previous pixel (TIFF 6.0, section 14). */
  readonly differences: boolean
  /** Whether each block contains only one sample of every pixel, with the other samples in later blocks. */
  readonly planar: boolean
  readonly photometric: number
  /** Samples per pixel. */
  readonly samples: number
  readonly bits: number
  /** Red of every index, then green, then blue, in 16 bits. */
  readonly palette: readonly number[]
  /** How YCbCr becomes colours, and which pixels share them. */
  readonly ycbcr: Ycbcr
  /** The kind of alpha, 0 for none, and the index of its sample. */
  readonly alpha: number
  readonly alphaAt: number
}

/** Samples per colour, by photometric interpretation. */
const colourSamples: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3 }

/**
 * Reads the layout of the first picture of a TIFF file.
 *
 * @throws UnsupportedPictureError if its samples are of an unsupported kind; DamagedPictureError; RangeError if the file
 *   ends early
 */
export function readLayout(bytes: Buffer): Layout {
  const numbers = (wanted: number) => readTiffNumbers(bytes, wanted) ?? []
  const first = (wanted: number, otherwise: number) => numbers(wanted)[0] ?? otherwise
  const kind = first(tag.photometric, photometric.blackIsZero)
  const colours = colourSamples[kind]
  const extra = numbers(tag.extraSamples)
  const bits = numbers(tag.bits)
  const samples = first(tag.samples, 1)
  const layout = {
    bigEndian: bytes.toString('latin1', 0, 2) === 'MM',
    lowBitFirst: first(tag.fillOrder, 1) === 2,
    compression: first(tag.compression, stored),
    differences: first(tag.predictor, 1) === 2,
    planar: first(tag.planar, 1) === 2,
    photometric: kind,
    samples,
    bits: bits[0] ?? 1,
    palette: numbers(tag.colours),
    ycbcr: readYcbcr(bytes, bits[0] ?? 1),
    alpha: extra[0] === alphaKind.premultiplied || extra[0] === alphaKind.plain ? extra[0] : 0,
    alphaAt: colours ?? 0,
  }
  requireCompression(layout, first(tag.predictor, 1))
  requireReadableColours(layout)
  if (colours === undefined) {
    throw new UnsupportedPictureError(
      'is a TIFF picture in colours that are not read. Save it as RGB, or as PNG.',
    )
  }
  // Only untagged inks are converted by formula; those of a profile would come out in other colours.
  if (kind === photometric.cmyk && numbers(profileTag).length > 0) {
    throw new UnsupportedPictureError(
      'is a TIFF picture in CMYK with a colour profile, which is not read. Save it as RGB, or as PNG.',
    )
  }
  requireUnsigned(numbers(tag.sampleFormat))
  // Further samples have no stated meaning and are not shown, with or without a tag that says so.
  if (samples < colours + extra.length)
    throw new DamagedPictureError('is damaged: it declares too few samples for its colours')
  if (!readableBits.has(layout.bits) || bits.some((each) => each !== bits[0])) {
    throw new UnsupportedPictureError(
      `is a TIFF picture of ${bits.join(', ')} bits a sample, which is not read. Save it as PNG.`,
    )
  }
  requirePalette(layout)
  return layout
}

/** What samples are, by their SampleFormat (TIFF 6.0, section 19). */
const sampleKinds: Readonly<Record<number, string>> = {
  2: 'signed integers',
  3: 'floating-point numbers',
  5: 'complex numbers',
  6: 'complex numbers',
}

function requireUnsigned(formats: readonly number[]): void {
  const other = formats.find((format) => format !== 1)
  if (other === undefined) return
  const kind = sampleKinds[other] ?? 'samples without a stated meaning'
  throw new UnsupportedPictureError(`is a TIFF picture of ${kind}, which is not read. Save it as 16-bit PNG.`)
}

/** Rejects a palette with too few colours, whose pixels would all be black, or with an unknown order of them. */
function requirePalette({ photometric: kind, bits, palette }: Layout): void {
  if (kind !== photometric.palette || palette.length === 3 * 2 ** bits) return
  throw new DamagedPictureError(
    `is damaged: its palette does not hold the ${2 ** bits} colours that it declares`,
  )
}

function requireCompression({ compression, bits, samples, planar }: Layout, predictor: number): void {
  const isKnown = compression === stored || compression in unpackers
  // Programs disagree about the meaning of JPEG files with four channels.
  const isJpeg = compression === jpegCompression && bits === 8 && (samples === 1 || samples === 3 || planar)
  const isPredicted = predictor === 1 || (predictor === 2 && bits >= 8)
  if ((isKnown && isPredicted) || isJpeg) return
  throw new UnsupportedPictureError(
    'is a TIFF picture compressed in a way that is not read. Save it with LZW, or as PNG.',
  )
}

/** Whether pixels share colours (TIFF 6.0, section 21), which a JPEG file of all three components resolves itself. */
export function sharesColours({ photometric: kind, compression, planar, ycbcr }: Layout): boolean {
  const isResolved = compression === jpegCompression && !planar
  return kind === photometric.ycbcr && !isResolved && !hasOwnColours(ycbcr)
}

/** Rejects pixels that share colours in a way that programs do not agree on. */
function requireReadableColours(layout: Layout): void {
  const { planar, bits, samples, differences, ycbcr } = layout
  const isUsual = !planar && bits === 8 && samples === 3 && !differences && isKnownSharing(ycbcr)
  if (!sharesColours(layout) || isUsual) return
  throw new UnsupportedPictureError(
    'is a TIFF picture whose colours are stored in fewer pixels (subsampled YCbCr) in a way that is not read. Save it as RGB, or as PNG.',
  )
}
