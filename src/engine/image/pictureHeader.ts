import { StudioError } from '#shared/errors'
import { avif } from './containers/avif'
import {
  type ContainerHeader,
  DamagedPictureError,
  type PictureContainer,
  type PictureFormat,
  UnsupportedPictureError,
} from './containers/container'
import { gif } from './containers/gif'
import { heic } from './containers/heic'
import { jpeg } from './containers/jpeg'
import { png } from './containers/png'
import { tiff } from './containers/tiff'
import { webp } from './containers/webp'
import { isCameraRaw, nameForeignFile } from './foreignFile'

/**
 * What a picture file declares about itself: `width` x `height` pixels as stored, before `orientation`
 * is applied.
 */
export interface PictureHeader extends ContainerHeader {
  readonly format: PictureFormat
}

const containers: readonly PictureContainer[] = [png, jpeg, webp, gif, avif, heic, tiff]
const advice = 'Choose a PNG, JPEG, WebP, GIF, AVIF, HEIC or TIFF picture.'

function badPicture(name: string, clause: string): StudioError {
  return new StudioError('BAD_PICTURE', `"${name}" ${clause}`, { name })
}

function findContainer(bytes: Buffer, name: string): PictureContainer {
  if (bytes.length === 0) throw badPicture(name, `is empty. ${advice}`)
  const container = containers.find((candidate) => candidate.matches(bytes))
  // Most camera raw files are TIFF files whose first picture is a thumbnail.
  if (container && !isCameraRaw(bytes, name)) return container
  const foreign = nameForeignFile(bytes, name)
  throw badPicture(
    name,
    foreign ? `is ${foreign}, which is not read. ${advice}` : `is not a picture. ${advice}`,
  )
}

/**
 * Converts an error of a format's reader to a StudioError with a sentence about the file; returns any other
 * error unchanged.
 */
export function explain(thrown: unknown, name: string, format: string): unknown {
  if (thrown instanceof UnsupportedPictureError) return badPicture(name, thrown.message)
  // A truncated file causes reads beyond the end of a Buffer.
  const truncated = thrown instanceof RangeError
  if (!truncated && !(thrown instanceof DamagedPictureError)) return thrown
  const clause = truncated ? 'is truncated: it ends too early' : thrown.message
  return badPicture(
    name,
    `${clause} (${format.toUpperCase()}). Copy or download it again, or choose another picture.`,
  )
}

function attempt<T>(read: () => T, name: string, format: string): T {
  try {
    return read()
  } catch (error) {
    throw explain(error, name, format)
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * Reads format, size and orientation from a picture file's bytes without decoding it.
 *
 * @param name  what the error message calls the file
 * @throws StudioError BAD_PICTURE if it is empty, not a picture, or its header is damaged
 */
export function readPictureHeader(bytes: Uint8Array, name: string): PictureHeader {
  const buffer = asBuffer(bytes)
  const { format, readHeader } = findContainer(buffer, name)
  const header = attempt(() => readHeader(buffer), name, format)
  if (header.width === 0 || header.height === 0) {
    throw badPicture(
      name,
      `is damaged: it declares a size of ${header.width} x ${header.height} pixels. ${advice}`,
    )
  }
  return { ...header, format }
}

/**
 * Checks a picture file's structure to its end without decoding it. Needed because decoders silently show
 * what is left of a truncated file.
 *
 * @throws StudioError BAD_PICTURE if it is truncated or damaged
 */
export async function checkPictureWhole(bytes: Uint8Array, name: string): Promise<void> {
  const buffer = asBuffer(bytes)
  const { format, checkWhole } = findContainer(buffer, name)
  try {
    await checkWhole(buffer)
  } catch (error) {
    throw explain(error, name, format)
  }
}

/**
 * Returns a picture file as its decoder should see it: see {@link PictureContainer.forDecoder}.
 *
 * @throws StudioError BAD_PICTURE if it is truncated or damaged
 */
export function bytesForDecoder(bytes: Uint8Array, name: string): Buffer {
  const buffer = asBuffer(bytes)
  const { format, forDecoder } = findContainer(buffer, name)
  return attempt(() => forDecoder(buffer), name, format)
}
