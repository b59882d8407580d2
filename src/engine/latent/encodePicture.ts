import type { EncodeSettings } from '#core/diffusion/settings'
import { stat } from 'node:fs/promises'
import type { PictureInfo } from '#shared/reports'
import type { LatentSource, PictureSource } from '#shared/settings'
import { encode } from '#core/diffusion/inversion'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import { restandardise } from '#core/diffusion/restandardise'
import type { Tensor } from '#core/diffusion/tensor'
import { explained } from '#files/fileErrors'
import { openPicture } from '../image/decodePicture'
import { fitPicture } from '../image/fitPicture'
import { pixelsToTensor } from '../image/tensorPixels'
import type { Model } from '../model/model'
import { reportProgress } from '../job/reportProgress'
import type { RequestContext } from '../serve'
import type { EngineServices } from '../job/services'
import type { EncodedPicture } from './encodedPicture'
import { runSolver, showSteps } from './runSolver'

/** A picture, fitted to the model. */
export interface LoadedPicture {
  readonly info: PictureInfo
  /** On [-1, 1], [1, C, H, W]. */
  readonly x0: Tensor
}

/** A picture and all that decides its latent. */
export type PictureLatentSource = Omit<Extract<LatentSource, { kind: 'picture' }>, 'kind'>

/** Encodes a picture, and re-standardises its latent where that is asked for. */
export async function encodePicture(
  services: EngineServices,
  model: Model,
  source: PictureLatentSource,
  context: RequestContext,
  previews = false,
): Promise<EncodedPicture> {
  const encoded = await followOde(services, model, source.picture, source.encode, context, previews)
  if (!source.restandardise) return encoded
  return {
    ...encoded,
    key: `${encoded.key} re-standardised`,
    latent: restandardise(encoded.latent).latent,
    healthBefore: measureLatentStatistics(encoded.latent.x),
  }
}

/** Fits a picture to the model and follows the reversed ODE from x0 to xT (paper, eq. 14 run backwards). */
async function followOde(
  services: EngineServices,
  model: Model,
  picture: PictureSource,
  settings: EncodeSettings,
  context: RequestContext,
  previews: boolean,
): Promise<EncodedPicture> {
  const { mtimeMs, size } = await explained(picture.path, 'read', () => stat(picture.path))
  const key = JSON.stringify([model.key, picture, mtimeMs, size, settings])
  return services.encodedPictures.get(key, context.signal, async () => {
    const started = performance.now()
    const { info, x0 } = await loadPicture(model, picture)
    const progress = reportProgress(context, 'encode', settings.steps, { label: info.name })
    const { result: latent, evaluations } = await runSolver(
      encode(x0, {
        schedule: model.schedule,
        settings,
        predictEpsilon: services.predictor(model, context, 'encode'),
      }),
      showSteps(progress, previews),
    )
    const seconds = (performance.now() - started) / 1000
    const source = { name: info.name, sha256: info.sha256 }
    return { key, source, x0, latent, healthBefore: null, evaluations, seconds }
  })
}

/**
 * Reads a picture as the model will see it.
 *
 * @throws what {@link openPicture} throws
 */
export async function loadPicture(
  { info: { channels, height, width } }: Model,
  { path, fit }: PictureSource,
): Promise<LoadedPicture> {
  const picture = await openPicture(path)
  return { info: picture.info, x0: pixelsToTensor(fitPicture(picture, fit, width, height), channels) }
}
