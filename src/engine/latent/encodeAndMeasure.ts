import type { EngineRoutes, RouteRequest } from '#shared/contract'
import type { EncodeReport } from '#shared/reports'
import { adviseOnLatent } from '#core/diffusion/latentAdvice'
import { encodePng } from '../image/encodePicture'
import { mapDifference } from '../image/differenceMap'
import { latentToPixels, tensorToPixels } from '../image/tensorPixels'
import type { RequestContext } from '../serve'
import type { EngineServices } from '../job/services'
import { combineProgress } from '../job/combineProgress'
import { encodePicture } from './encodePicture'
import { reportEncoded } from './resolveLatent'
import { measureRoundTrip } from './roundTrip'

/** Encodes a picture, decodes it back, and answers all there is to see and to know of both ways. */
export async function encodeAndMeasure(
  services: EngineServices,
  { model: source, decode, previews, ...picture }: RouteRequest<EngineRoutes['latent.encode']>,
  context: RequestContext,
): Promise<EncodeReport> {
  const model = await services.openModel(source)
  const steps = { encode: picture.encode.steps, decode: decode.steps }
  const [tracked] = combineProgress(context, [steps])
  const encoded = await encodePicture(services, model, picture, tracked, previews)
  const { reconstruction, fidelity } = await measureRoundTrip(
    services,
    model,
    encoded,
    decode,
    tracked,
    previews,
  )
  const report = { ...reportEncoded(model, picture.encode, encoded), fidelity }
  const difference = mapDifference(encoded.x0, reconstruction)
  const [sourcePng, reconstructionPng, differencePng, latentPng] = await Promise.all([
    encodePng(tensorToPixels(encoded.x0)),
    encodePng(tensorToPixels(reconstruction)),
    encodePng(difference.pixels),
    encodePng(latentToPixels(encoded.latent.x)),
  ])
  const advice = adviseOnLatent(report.health, encoded.latent.x.data.length)
  const pictures = { sourcePng, reconstructionPng, differencePng, latentPng }
  return { ...report, decode, advice, ...pictures, differenceBrightest: difference.brightest }
}
