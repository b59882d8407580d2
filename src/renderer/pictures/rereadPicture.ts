import type { DocumentPicture } from '#shared/document'
import type { FitSettings } from '#shared/pictureSource'
import type { PictureInfo } from '#shared/reports'

/** Returns a picture with what its file holds now. A crop that no longer lies inside it gives way to the middle. */
export function rereadPicture(picture: DocumentPicture, info: PictureInfo): DocumentPicture {
  const fit = liesInside(picture.fit, info) ? picture.fit : ({ mode: 'cover' } as const)
  return { ...picture, info, fit, relativePath: undefined }
}

/** Whether a crop lies inside a picture; whatever is no crop does. */
function liesInside(fit: FitSettings, { width, height }: Pick<PictureInfo, 'width' | 'height'>): boolean {
  return fit.mode !== 'crop' || (fit.x + fit.width <= width && fit.y + fit.height <= height)
}
