import type { DecodeSettings } from '#core/diffusion/settings'
import { decode } from '#core/diffusion/inversion'
import { measureFidelity } from '#core/diffusion/fidelity'
import type { Job } from '../job/Job'
import { reportProgress } from '../job/reportProgress'
import type { EncodedPicture, RoundTrip } from './encodedPicture'
import { decodeRoundTrip, encodeRoundTrip } from './keptTensors'
import type { LatentCache } from './latentCache'
import { runSolver, showSteps } from './runSolver'

/** Decodes an encoded picture and measures the way there and back, on pictures. */
export async function measureRoundTrip(
  cache: LatentCache,
  job: Job,
  encoded: EncodedPicture,
  settings: DecodeSettings,
): Promise<RoundTrip> {
  const { context } = job
  const key = JSON.stringify([encoded.key, settings])
  const work = async (): Promise<RoundTrip> => {
    const progress = reportProgress(context, 'decode', settings.steps, { label: encoded.source.name })
    const { result: x0 } = await runSolver(
      decode(encoded.latent, { ...job.trajectory(encoded.condition), settings, noiseItems: [0] }),
      showSteps(job, progress),
    )
    const reconstruction = await job.decodeStates(x0)
    return { reconstruction, fidelity: measureFidelity(encoded.picture, reconstruction) }
  }
  return cache.roundTrips.get(key, context.signal, {
    work,
    encode: encodeRoundTrip,
    decode: (bytes) => decodeRoundTrip(bytes, encoded.picture),
  })
}
