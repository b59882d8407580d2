import type { DocumentPicture } from '#shared/document'
import { describeLostCrops, fitInside } from '#shared/pictureSource'
import type { PictureInfo } from '#shared/reports'

/** Returns a picture with what its file holds now. A crop that no longer lies inside it gives way to the middle. */
export function rereadPicture(picture: DocumentPicture, info: PictureInfo): DocumentPicture {
  return { ...picture, info, fit: fitInside(picture.fit, info), relativePath: undefined }
}

/**
 * Says which pictures lost their crop when their files were read again; null if none did.
 *
 * @param before  the library's items as they were, by id
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
