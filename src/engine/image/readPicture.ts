import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { StudioError } from '#shared/errors'
import type { PictureInfo } from '#shared/reports'
import { explained } from '#files/fileErrors'
import { swapsSides } from './orientation'
import { checkPictureWhole, type PictureHeader, readPictureHeader } from './pictureHeader'
import { checkFileSize, checkPixelSize } from './pictureLimits'

/** A picture file that is whole and within the limits, not decoded. */
export interface PictureFile {
  readonly bytes: Buffer
  readonly header: PictureHeader
  readonly info: PictureInfo
}

function notAFile(path: string, kind: string): StudioError {
  return new StudioError('BAD_PICTURE', `"${path}" is ${kind}, not a picture. Choose a picture file.`, {
    path,
  })
}

async function readBytes(path: string): Promise<Buffer> {
  return explained(path, 'read', async () => {
    const stats = await stat(path)
    if (stats.isDirectory()) throw notAFile(path, 'a folder')
    // Opening a named pipe would wait for a writer for ever.
    if (!stats.isFile()) throw notAFile(path, 'a device or a pipe')
    checkFileSize(stats.size, basename(path))
    return readFile(path)
  })
}

/**
 * Reads a picture file and checks it against the limits and for damage; decodes nothing.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_PICTURE when it is no picture, damaged, truncated or too large
 */
export async function readPicture(path: string): Promise<PictureFile> {
  const bytes = await readBytes(path)
  const name = basename(path)
  const header = readPictureHeader(bytes, name)
  checkPixelSize(header.width, header.height, name)
  await checkPictureWhole(bytes, name)
  const swapped = swapsSides(header.orientation)
  const info = {
    path,
    name,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    width: swapped ? header.height : header.width,
    height: swapped ? header.width : header.height,
    format: header.format,
    bytes: bytes.length,
  }
  return { bytes, header, info }
}
