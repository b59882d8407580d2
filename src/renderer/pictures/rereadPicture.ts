import type { DocumentPicture } from '#shared/document'
import { describeLostCrops, fitInside } from '#shared/pictureSource'
import type { PictureInfo } from '#shared/reports'

/**
 * Returns a picture updated to what its file contains now. If its crop lies outside the new picture, the middle
 * is used instead.
 */
export function rereadPicture(picture: DocumentPicture, info: PictureInfo): DocumentPicture {
  return { ...picture, info, fit: fitInside(picture.fit, info), relativePath: undefined }
}

/**
 * Describes which pictures have lost their crop because their files were read again; null if none has.
 *
 * @param before  the library’s items before the files were read, by id
 */
export function describeCropsLostSince(
  before: ReadonlyMap<string, object>,
  pictures: readonly DocumentPicture[],
): string | null {
  const lost = pictures.filter(({ id, fit }) => {
    const known = before.get(id) as DocumentPicture | undefined
    return known && known.fit !== fit
  })
  return describeLostCrops(lost.map(({ name }) => name))
}
