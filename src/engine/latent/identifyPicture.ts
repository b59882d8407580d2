import { basename } from 'node:path'
import { StudioError } from '#shared/errors'
import type { PictureInfo } from '#shared/reports'
import type { PictureSource } from '#shared/pictureSource'
import type { Pictures } from '../image/Pictures'

/**
 * The name and the content of a picture. While its file is missing they are those that it had when it was last seen, for
 * what it encodes to may be kept.
 *
 * @param asSeen  for what cannot wait for a look at the file: see `Pictures.infoAsSeen`
 * @throws StudioError as `Pictures.info`
 */
export async function identifyPicture(
  pictures: Pictures,
  { path, sha256 }: PictureSource,
  signal: AbortSignal,
  { asSeen = false }: { readonly asSeen?: boolean } = {},
): Promise<Pick<PictureInfo, 'name' | 'sha256'>> {
  try {
    return await (asSeen ? pictures.infoAsSeen(path, signal) : pictures.info(path, signal))
  } catch (error) {
    const isGone = error instanceof StudioError && error.code === 'NOT_FOUND'
    if (!isGone || sha256 === undefined) throw error
    return { name: basename(path), sha256 }
  }
}
