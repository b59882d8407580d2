import type { EngineRoutes, RouteRequest } from '#shared/contract'
import { encodePng } from '../image/encodePicture'
import { fitPicture } from '../image/fitPicture'
import { identifyPicture, requireIdentified } from './identifyPicture'
import type { LatentCache } from './latentCache'

type PreviewRequest = RouteRequest<EngineRoutes['picture.preview']>

/**
 * Returns what a model of this width and height, in pixels, sees of a picture: a PNG of that size, cached
 * by content.
 */
export async function previewPicture(
  { pictures, previews }: LatentCache,
  signal: AbortSignal,
  { picture, width, height, projectResults }: PreviewRequest,
): Promise<Uint8Array> {
  const { sha256 } = await identifyPicture(pictures, picture, signal)
  const name = JSON.stringify([sha256, picture.fit, width, height])
  return previews.get({ name, by: 'canvas', project: projectResults ?? null }, signal, {
    work: async () => {
      const opened = await pictures.open(picture.path, signal)
      requireIdentified(opened.info, sha256)
      return encodePng(fitPicture(opened, picture.fit, width, height))
    },
    decode: (bytes) => new Uint8Array(bytes),
  })
}
