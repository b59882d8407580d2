import { type Image, loadImage } from '@napi-rs/canvas'
import { StudioError } from '#shared/errors'
import type { PictureInfo } from '#shared/reports'
import { DamagedPictureError, type PictureFormat, UnsupportedPictureError } from './containers/container'
import { isoProfile } from './containers/isoPicture'
import { appendNoise } from './containers/jpegScans'
import { convertToSrgb } from './convertToSrgb'
import { decodeHeic } from './decodeHeic'
import { imageStrips, readImagePixels, reduced } from './imagePixels'
import { bytesForDecoder, explain } from './pictureHeader'
import { reductionOf } from './pictureLimits'
import { isOpaque, type Pixels } from '#core/picture/pixels'
import { type PictureFile, readPicture } from './readPicture'
import { decodeTiff, tiffProfile } from './tiff/decodeTiff'

/** A decoded picture, upright, in sRGB. */
export interface Picture extends Pixels {
  /** Contains the size of the original file; a very large picture has fewer pixels than that. */
  readonly info: PictureInfo
  /** Number of pixels of the file per pixel along each side: 1 or 2. */
  readonly reduction: number
}

const missingPixels = 'part of its pixel data is missing'

function refusal(file: PictureFile, clause: string): StudioError {
  const { name } = file.info
  return new StudioError('BAD_PICTURE', `"${name}" ${clause}`, { name })
}

function undecodable(file: PictureFile, reason: string): StudioError {
  const format = file.info.format.toUpperCase()
  return refusal(
    file,
    `cannot be decoded as ${format}: ${reason}. Copy or download it again, or choose another picture.`,
  )
}

/** Decodes with Skia, whose error messages are not meant for people. */
async function load(file: PictureFile, bytes: Buffer): Promise<Image> {
  return loadImage(bytes).catch(() => {
    throw undecodable(file, 'its pixel data is damaged')
  })
}

/**
 * @throws StudioError BAD_PICTURE if a JPEG without an end marker changes when noise is appended, because
 *   then pixels are missing
 */
async function requireUnchangedByNoise(file: PictureFile, bytes: Buffer, pixels: Pixels): Promise<void> {
  const image = await load(file, appendNoise(bytes))
  const reduction = reductionOf(image)
  for await (const { strip, top } of imageStrips(image, file.header.orientation)) {
    const { data } = reduced(strip, reduction)
    const shown = Buffer.from(pixels.data.buffer, (top / reduction) * pixels.width * 4, data.length)
    if (!shown.equals(Buffer.from(data.buffer))) throw undecodable(file, missingPixels)
  }
}

async function decodeBySkia(file: PictureFile, bytes: Buffer): Promise<Pixels> {
  const { opaque, orientation, unended } = file.header
  const pixels = await readImagePixels(await load(file, bytes), orientation, (strip) => {
    // Where the decoder gives up, pixels stay transparent, which is noticeable only if all must be opaque.
    if (opaque && !isOpaque(strip)) throw undecodable(file, missingPixels)
  })
  if (unended) await requireUnchangedByNoise(file, bytes, pixels)
  return pixels
}

/** Decodes with the library for one format, whose error messages are not meant for people. */
async function decodeByLibrary(file: PictureFile, read: () => Promise<Pixels>): Promise<Pixels> {
  return read().catch((error: unknown) => {
    if (error instanceof UnsupportedPictureError || error instanceof DamagedPictureError)
      throw explain(error, file.info.name, file.info.format)
    throw undecodable(file, 'its pixel data is damaged, or of a kind that is not read')
  })
}

function decode(file: PictureFile, bytes: Buffer): Promise<Pixels> {
  const { format, orientation } = file.header
  if (format === 'heic') return decodeByLibrary(file, () => decodeHeic(bytes))
  if (format === 'tiff') return decodeByLibrary(file, () => decodeTiff(bytes, orientation))
  return decodeBySkia(file, bytes)
}

/**
 * How to find the profile in formats whose decoders ignore it; Skia applies that of a JPEG, PNG or
 * WebP itself.
 */
const profileOf: Partial<Record<PictureFormat, (bytes: Buffer) => Buffer | null>> = {
  avif: isoProfile,
  heic: isoProfile,
  tiff: tiffProfile,
}

/** A damaged profile is ignored, as in other programs. */
function findProfile(format: PictureFormat, bytes: Buffer): Buffer | null {
  try {
    return profileOf[format]?.(bytes) ?? null
  } catch {
    return null
  }
}

async function decodePicture(file: PictureFile): Promise<Picture> {
  const bytes = bytesForDecoder(file.bytes, file.info.name)
  const pixels = await decode(file, bytes)
  const profile = findProfile(file.header.format, bytes)
  if (profile) await convertToSrgb(pixels, profile)
  const reduction = reductionOf(file.info)
  const [width, height] = [file.info.width, file.info.height].map((side) => Math.ceil(side / reduction))
  if (pixels.width !== width || pixels.height !== height) {
    throw undecodable(file, `it holds ${pixels.width} x ${pixels.height} pixels, not what it declares`)
  }
  return { ...pixels, info: file.info, reduction }
}

/**
 * Opens a picture: upright by its EXIF orientation and converted to sRGB by its colour profile; the first
 * frame of an animation. Pictures of more than 32 megapixels are read at half their width and height. Colours
 * under partial transparency are exact up to the precision of 8-bit premultiplied alpha.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_PICTURE if it is not a picture, damaged, truncated or
 *   too large
 */
export async function openPicture(path: string): Promise<Picture> {
  return decodePicture(await readPicture(path))
}

/**
 * Returns what is known about a picture. Decodes it only if nothing else shows whether it is complete.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_PICTURE if it is not a picture, damaged, truncated or
 *   too large
 */
export async function readPictureInfo(path: string): Promise<PictureInfo> {
  const file = await readPicture(path)
  if (file.header.unended) await decodePicture(file)
  return file.info
}
