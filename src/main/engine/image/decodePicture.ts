import { setImmediate } from 'node:timers/promises'
import { deflateSync } from 'node:zlib'
import { createCanvas, type Image, type ImageData, loadImage } from '@napi-rs/canvas'
import { StudioError } from '#shared/errors'
import type { PictureInfo } from '#shared/reports'
import { avifProfile } from './containers/avif'
import { encodePngChunk, insertPngChunk } from './containers/pngChunks'
import { swapsSides, uprightTransform } from './orientation'
import type { PictureHeader } from './pictureHeader'
import { createPixels, isOpaque, type Pixels } from './pixels'
import { type PictureFile, readPicture } from './readPicture'

/** A decoded picture, upright, in sRGB. */
export interface Picture extends Pixels {
  readonly info: PictureInfo
}

/** The formats whose EXIF orientation the decoder (Skia) applies by itself; it ignores that of PNG and AVIF. */
const turnedByDecoder: ReadonlySet<string> = new Set(['jpeg', 'webp'])

/** Rows read back at once: the decoded picture is not held a third time. */
const stripRows = 256

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
 * Reads a decoded image back as upright pixels, strip by strip from the bottom up: what a decoder could not fill is
 * mostly there, so `onStrip` can refuse it before the memory is taken.
 */
async function readPixels(
  image: Image,
  header: PictureHeader,
  onStrip: (strip: ImageData) => void,
): Promise<Pixels> {
  const orientation = turnedByDecoder.has(header.format) ? 1 : header.orientation
  const [a, b, c, d, e, f] = uprightTransform(orientation, image.width, image.height)
  const [width, height] = swapsSides(orientation) ? [image.height, image.width] : [image.width, image.height]
  const pixels = createPixels(width, height)
  const context = createCanvas(width, Math.min(height, stripRows)).getContext('2d')
  context.imageSmoothingEnabled = false
  for (let bottom = height; bottom > 0; bottom -= stripRows) {
    const top = Math.max(0, bottom - stripRows)
    context.resetTransform()
    context.clearRect(0, 0, width, stripRows)
    context.setTransform(a, b, c, d, e, f - top)
    context.drawImage(image, 0, 0)
    const strip = context.getImageData(0, 0, width, bottom - top)
    onStrip(strip)
    pixels.data.set(strip.data, top * width * 4)
    // The memory behind a strip is given back only between two turns of the event loop.
    await setImmediate()
  }
  return pixels
}

/**
 * Opens a picture: upright by its EXIF orientation, converted to sRGB by its ICC profile; of an animation the first
 * frame. Colours under partial transparency are exact to what 8-bit premultiplied alpha keeps of them.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_PICTURE when it is no picture, damaged, truncated or too large
 */
export async function openPicture(path: string): Promise<Picture> {
  const file = await readPicture(path)
  const image = await decode(file)
  const pixels = await readPixels(image, file.header, (strip) => {
    if (file.header.opaque && !isOpaque(strip)) throw undecodable(file, 'part of its pixel data is missing')
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
