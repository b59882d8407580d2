import type { PictureSource } from '#shared/settings'
import { encodePng } from '../image/encodePicture'
import { fitPicture } from '../image/fitPicture'
import { identifyPicture } from './identifyPicture'
import type { LatentCache } from './latentCache'

/** What a model of this width and height, in pixels, sees of a picture: a PNG of that size, kept by content. */
export async function previewPicture(
  { pictures, previews }: LatentCache,
  signal: AbortSignal,
  { picture, width, height }: { picture: PictureSource; width: number; height: number },
): Promise<Uint8Array> {
  const { sha256 } = await identifyPicture(pictures, picture, signal)
  return previews.get(JSON.stringify([sha256, picture.fit, width, height]), signal, {
    work: async () =>
      encodePng(fitPicture(await pictures.open(picture.path, signal), picture.fit, width, height)),
    encode: (png) => png,
    decode: (bytes) => new Uint8Array(bytes),
  })
}
