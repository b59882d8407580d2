import type { EngineRoutes, RouteRequest } from '#shared/contract'
import type { EncodeReport } from '#shared/reports'
import { encodePng } from '../image/encodePicture'
import { mapDifference } from '../image/differenceMap'
import { latentToPixels, tensorToPixels } from '../image/tensorPixels'
import { combineProgress } from '../job/combineProgress'
import type { Job } from '../job/Job'
import { encodePicture } from './encodePicture'
import type { LatentCache } from './latentCache'
import { reportEncoded, withRoundTrip } from './reportLatent'
import { measureRoundTrip } from './roundTrip'

/** Encodes a picture, decodes it back, and returns the measurements and pictures of both directions. */
export async function encodeAndMeasure(
  cache: LatentCache,
  job: Job,
  { decode, ...source }: RouteRequest<EngineRoutes['latent.encode']>,
): Promise<EncodeReport> {
  const steps = { encode: source.encode.steps, decode: decode.steps }
  const [context] = combineProgress(job.context, [steps])
  const tracked = job.with({ context })
  const encoded = await encodePicture(cache, tracked, source)
  const roundTrip = await measureRoundTrip(cache, tracked, encoded, decode)
  const { reconstruction } = roundTrip
  const report = withRoundTrip(reportEncoded(job.model, source.encode, encoded), roundTrip, decode)
  const difference = mapDifference(encoded.picture, reconstruction)
  const [sourcePng, reconstructionPng, differencePng, latentPng] = await Promise.all([
    encodePng(tensorToPixels(encoded.picture)),
    encodePng(tensorToPixels(reconstruction)),
    encodePng(difference.pixels),
    encodePng(latentToPixels(encoded.latent.x)),
  ])
  const pictures = { sourcePng, reconstructionPng, differencePng, latentPng }
  return { ...report, decode, ...pictures, differenceBrightest: difference.brightest }
}
