import { StudioError } from '#shared/errors'
import { avif } from './containers/avif'
import {
  type ContainerHeader,
  DamagedPicture,
  type PictureContainer,
  type PictureFormat,
} from './containers/container'
import { gif } from './containers/gif'
import { jpeg } from './containers/jpeg'
import { png } from './containers/png'
import { webp } from './containers/webp'
import { nameForeignFile } from './foreignFile'

/** What a picture file declares about itself: `width` x `height` pixels as stored, before `orientation` is applied. */
export interface PictureHeader extends ContainerHeader {
  readonly format: PictureFormat
}

const containers: readonly PictureContainer[] = [png, jpeg, webp, gif, avif]
const advice = 'Choose a PNG, JPEG, WebP, GIF or AVIF picture.'

function badPicture(name: string, clause: string): StudioError {
  return new StudioError('BAD_PICTURE', `"${name}" ${clause}`, { name })
}

function findContainer(bytes: Buffer, name: string): PictureContainer {
  if (bytes.length === 0) throw badPicture(name, `is empty. ${advice}`)
  const container = containers.find((candidate) => candidate.matches(bytes))
  if (container) return container
  const foreign = nameForeignFile(bytes)
  throw badPicture(
    name,
    foreign ? `is ${foreign}, which is not read. ${advice}` : `is not a picture. ${advice}`,
  )
}

/** Runs one of a container's readers; what it throws becomes one sentence about the file. */
function examine<T>(name: string, format: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    // Reads beyond the end of a Buffer are how a truncated file shows itself.
    const truncated = error instanceof RangeError
    if (!truncated && !(error instanceof DamagedPicture)) throw error
    const clause = truncated ? 'is truncated: it ends too early' : error.message
    throw badPicture(
      name,
      `${clause} (${format.toUpperCase()}). Copy or download it again, or choose another picture.`,
    )
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * Reads format, size and orientation from a picture file's bytes; decodes nothing.
 *
 * @param name  what the sentence calls the file
 * @throws StudioError BAD_PICTURE when it is empty, no picture, or its header is damaged
 */
export function readPictureHeader(bytes: Uint8Array, name: string): PictureHeader {
  const buffer = asBuffer(bytes)
  const { format, readHeader } = findContainer(buffer, name)
  const header = examine(name, format, () => readHeader(buffer))
  if (header.width === 0 || header.height === 0) {
    throw badPicture(
      name,
      `is damaged: it declares a size of ${header.width} x ${header.height} pixels. ${advice}`,
    )
  }
  return { ...header, format }
}

/**
 * Walks a picture file's structure to its end; decodes nothing. A decoder shows what a truncated file still holds and
 * says nothing, so this has to.
 *
 * @throws StudioError BAD_PICTURE when it is truncated or damaged
 */
export function checkPictureWhole(bytes: Uint8Array, name: string): void {
  const buffer = asBuffer(bytes)
  const { format, checkWhole } = findContainer(buffer, name)
  examine(name, format, () => checkWhole(buffer))
}
