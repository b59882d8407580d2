import { basename } from 'node:path'
import { StudioError } from '#shared/errors'
import type { PictureInfo } from '#shared/reports'
import type { PictureSource } from '#shared/pictureSource'
import type { Pictures } from '../image/Pictures'

/**
 * Returns the name and the hash of a picture. If its file is missing, they are those it had when last seen,
 * because its latent may be cached.
 *
 * @param asSeen  for requests that cannot wait for a file check: see `Pictures.infoAsSeen`
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

/**
 * Rejects a picture whose file was replaced after it was identified: its results would be cached as those of the
 * earlier picture.
 *
 * @param sha256  as {@link identifyPicture} returned it
 * @throws StudioError UNREADABLE
 */
export function requireIdentified({ path, sha256: opened }: PictureInfo, sha256: string): void {
  if (opened === sha256) return
  throw new StudioError('UNREADABLE', `"${path}" was changed while it was read: try again.`, { path })
}
