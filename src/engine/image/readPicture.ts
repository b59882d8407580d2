import { basename } from 'node:path'
import type { PictureInfo } from '#shared/reports'
import { readRange, withFile } from '#files/fileAccess'
import { sha256Of } from '#files/sha256'
import { swapsSides } from './orientation'
import { checkPictureWhole, type PictureHeader, readPictureHeader } from './pictureHeader'
import { checkFileSize, checkPixelSize } from './pictureLimits'

/** A picture file that is complete and within the limits, not decoded. */
export interface PictureFile {
  readonly bytes: Buffer
  readonly header: PictureHeader
  readonly info: PictureInfo
}

function readBytes(path: string): Promise<Buffer> {
  return withFile(path, async (file) => {
    const { size } = await file.stat()
    checkFileSize(size, basename(path))
    // No more than the stated size, because a file that the system generates on the fly, as in /proc, may
    // never end.
    return readRange(file, 0, size)
  })
}

/**
 * Reads a picture file and checks it against the limits and for damage, without decoding it.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_PICTURE if it is not a picture, damaged, truncated or
 *   too large
 */
export async function readPicture(path: string): Promise<PictureFile> {
  const bytes = await readBytes(path)
  const name = basename(path)
  const header = readPictureHeader(bytes, name)
  checkPixelSize(header, name)
  await checkPictureWhole(bytes, name)
  const swapped = swapsSides(header.orientation)
  const info = {
    path,
    name,
    sha256: sha256Of(bytes),
    width: swapped ? header.height : header.width,
    height: swapped ? header.width : header.height,
    format: header.format,
    bytes: bytes.length,
    ...(header.more && { more: header.more }),
  }
  return { bytes, header, info }
}
