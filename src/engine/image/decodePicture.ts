import { deflateSync } from 'node:zlib'
import { createCanvas, type Image, loadImage } from '@napi-rs/canvas'
import { StudioError } from '#shared/errors'
import type { PictureInfo } from '#shared/reports'
import { avifProfile } from './containers/avif'
import { encodePngChunk, insertPngChunk } from './containers/pngChunks'
import { hasAllPngRows } from './containers/pngPixels'
import { readImagePixels } from './imagePixels'
import { isOpaque, type Pixels } from './pixels'
import { type PictureFile, readPicture } from './readPicture'

/** A decoded picture, upright, in sRGB. */
export interface Picture extends Pixels {
  readonly info: PictureInfo
}

/** The formats whose EXIF orientation the decoder (Skia) applies by itself; it ignores that of PNG and AVIF. */
const turnedByDecoder: ReadonlySet<string> = new Set(['jpeg', 'webp'])

const missingPixels = 'part of its pixel data is missing'

function undecodable(file: PictureFile, reason: string): StudioError {
  const { name, format } = file.info
  return new StudioError(
    'BAD_PICTURE',
    `"${name}" cannot be decoded as ${format.toUpperCase()}: ${reason}.`,
    { name },
  )
}

/**
 * Skia converts colours by the ICC profile of a JPEG, PNG or WebP, but not of an AVIF. So the pixels of one that has a
 * profile travel through a PNG that carries it.
 */
async function honourAvifProfile(image: Image, profile: Buffer): Promise<Image> {
  const canvas = createCanvas(image.width, image.height)
  canvas.getContext('2d').drawImage(image, 0, 0)
  const namedProfile = Buffer.concat([Buffer.from('ICC profile\0\0', 'latin1'), deflateSync(profile)])
  return loadImage(insertPngChunk(await canvas.encode('png'), encodePngChunk('iCCP', namedProfile)))
}

async function decode(file: PictureFile): Promise<Image> {
  const image = await loadImage(file.bytes).catch((error: Error) => {
    throw undecodable(file, `its pixel data is damaged (${error.message})`)
  })
  const profile = file.header.format === 'avif' ? avifProfile(file.bytes) : null
  return profile ? honourAvifProfile(image, profile) : image
}

/**
 * Opens a picture: upright by its EXIF orientation, converted to sRGB by its ICC profile; of an animation the first
 * frame. Colours under partial transparency are exact to what 8-bit premultiplied alpha keeps of them.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_PICTURE when it is no picture, damaged, truncated or too large
 */
export async function openPicture(path: string): Promise<Picture> {
  const file = await readPicture(path)
  const { format, opaque, orientation } = file.header
  // Where the decoder gives up, pixels stay transparent. That shows only where none may be.
  if (format === 'png' && !opaque && !(await hasAllPngRows(file.bytes)))
    throw undecodable(file, missingPixels)
  const image = await decode(file)
  const pixels = await readImagePixels(image, turnedByDecoder.has(format) ? 1 : orientation, (strip) => {
    if (opaque && !isOpaque(strip)) throw undecodable(file, missingPixels)
  })
  if (pixels.width !== file.info.width || pixels.height !== file.info.height) {
    throw undecodable(file, `it holds ${pixels.width} x ${pixels.height} pixels, not what it declares`)
  }
  return { ...pixels, info: file.info }
}

/**
 * What is known of a picture without decoding it.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_PICTURE when it is no picture, damaged, truncated or too large
 */
export async function readPictureInfo(path: string): Promise<PictureInfo> {
  return (await readPicture(path)).info
}
