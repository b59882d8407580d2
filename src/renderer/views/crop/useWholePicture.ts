import type { PictureInfo } from '#shared/reports'
import { request } from '../../base/api'
import { useLatestBitmap } from '../../composables/useLatestBitmap'
import { pngBlob } from '../../base/pngBlob'

/** The longest side, in pixels, of the preview for cropping: sharp enough to aim at. */
const largestSide = 1024

/** A picture as it is in its file, not as it is fitted. */
export function useWholePicture(info: () => PictureInfo) {
  return useLatestBitmap(info, drawWhole, 'The picture couldn’t be shown')
}

/** Draws the whole picture: the engine fits it into a square, and the margins are cut off here. */
async function drawWhole({ path, width, height }: PictureInfo): Promise<ImageBitmap> {
  const side = Math.min(largestSide, Math.max(width, height))
  const fit = { mode: 'contain', background: '#000000' } as const
  const png = await request('picture.preview', { picture: { path, fit }, width: side, height: side })
  const scale = side / Math.max(width, height)
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
  const [left, top] = [Math.floor((side - w) / 2), Math.floor((side - h) / 2)]
  return createImageBitmap(pngBlob(png), left, top, w, h)
}
