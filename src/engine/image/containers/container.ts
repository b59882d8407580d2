import type { Orientation } from '../orientation'

/** The formats that are decoded. */
export type PictureFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'avif' | 'heic' | 'tiff'

/** What a file declares before anything is decoded. */
export interface ContainerHeader {
  /** Pixels as stored, before `orientation` is applied. */
  readonly width: number
  readonly height: number
  readonly orientation: Orientation
  /** Whether every pixel is opaque by declaration: a decoder that gives up early then betrays itself by transparency. */
  readonly opaque: boolean
  /** Whether the pixels themselves have to prove that they are all there, because the mark that ends the file is missing. */
  readonly unended?: boolean
  /** Of a coding that takes a decoder more memory or time than most. */
  readonly limit?: CodingLimit
  /** What the file holds besides the picture that is used: more frames of an animation, or more pages. */
  readonly more?: 'frames' | 'pages'
}

/** The largest picture of a coding that is decoded. */
export interface CodingLimit {
  /** "a lossless WebP picture" */
  readonly of: string
  readonly pixels: number
}

/** What is known of one file format without decoding it. */
export interface PictureContainer {
  readonly format: PictureFormat
  /** Whether the first bytes are this format's signature. */
  matches(bytes: Buffer): boolean
  /**
   * @throws DamagedPicture with the reason; RangeError where the file ends early
   */
  readHeader(bytes: Buffer): ContainerHeader
  /**
   * Walks the whole structure, so that a truncated file is refused: decoders show what they have and keep silent.
   *
   * @throws DamagedPicture with the reason; RangeError where the file ends early
   */
  checkWhole(bytes: Buffer): void | Promise<void>
  /**
   * The file as its decoder is to see it: without EXIF, so that nothing is turned behind our back; without what is not
   * shown, text and later frames; with the ending that the decoder insists on.
   */
  forDecoder(bytes: Buffer): Buffer
}

/** A sound file of a kind that is not read. The message is a clause that follows the file's name and says what to do. */
export class UnreadPicture extends Error {
  override readonly name = 'UnreadPicture'
}

/** A file that breaks its format. The message is a clause that follows the file's name: `has no …`. */
export class DamagedPicture extends Error {
  override readonly name = 'DamagedPicture'
}
