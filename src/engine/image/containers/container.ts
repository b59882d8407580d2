import type { Orientation } from '../orientation'

/** The formats that can be decoded. */
export type PictureFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'avif' | 'heic' | 'tiff'

/** What a file declares before anything is decoded. */
export interface ContainerHeader {
  /** Size in pixels as stored, before `orientation` is applied. */
  readonly width: number
  readonly height: number
  readonly orientation: Orientation
  /**
   * Whether the file declares every pixel opaque. If so, a decoder that stops early leaves transparent
   * pixels, which reveals it.
   */
  readonly opaque: boolean
  /**
   * Whether the end marker of the file is missing, or its parts have other sizes than it says, so that only
   * decoding can show whether all pixels are there.
   */
  readonly unended?: boolean
  /** The limit of a coding that takes a decoder more memory or time than most. */
  readonly limit?: CodingLimit
  /** What the file contains besides the picture that is used: more frames of an animation, or more pages. */
  readonly more?: 'frames' | 'pages'
}

/** The largest picture of a coding that is decoded. */
export interface CodingLimit {
  /** For example "a lossless WebP picture". */
  readonly of: string
  readonly pixels: number
}

/** What is known about one file format without decoding it. */
export interface PictureContainer {
  readonly format: PictureFormat
  /** Whether the file starts with this format's signature. */
  matches(bytes: Buffer): boolean
  /** @throws DamagedPictureError with the reason; RangeError if the file ends early */
  readHeader(bytes: Buffer): ContainerHeader
  /**
   * Checks the whole structure in order to reject truncated files, because decoders silently show what
   * they have, and files of kinds that are not read.
   *
   * @throws DamagedPictureError or UnsupportedPictureError with the reason; RangeError if the file ends early
   */
  checkWhole(bytes: Buffer): void | Promise<void>
  /**
   * Returns the file as its decoder should see it: without EXIF, so that the decoder does not rotate it on
   * its own; without what is not shown, such as text and later frames; and with the ending that the
   * decoder requires.
   */
  forDecoder(bytes: Buffer): Buffer
}

/**
 * An intact file of a kind that cannot be read. The message is a clause that follows the file's name and says
 * what to do.
 */
export class UnsupportedPictureError extends Error {
  override readonly name = 'UnsupportedPictureError'
}

/** A file that violates its format. The message is a clause that follows the file's name: `has no …`. */
export class DamagedPictureError extends Error {
  override readonly name = 'DamagedPictureError'
}
