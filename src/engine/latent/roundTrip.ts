import type { DecodeSettings } from '#core/diffusion/settings'
import { decode } from '#core/diffusion/inversion'
import type { Tensor } from '#core/diffusion/tensor'
import type { Job } from '../job/Job'
import type { ResultKey } from '../job/KeptMemo'
import { reportProgress } from '../job/reportProgress'
import { type EncodedPicture, type RoundTrip, roundTripOf } from './encodedPicture'
import { decodeRoundTrip } from './keptTensors'
import type { LatentCache } from './latentCache'
import { runSolver, showSteps } from './runSolver'

/** Decodes an encoded picture and measures the round trip on pictures. */
export async function measureRoundTrip(
  cache: LatentCache,
  job: Job,
  encoded: EncodedPicture,
  settings: DecodeSettings,
): Promise<RoundTrip> {
  const { context } = job
  const work = async (): Promise<RoundTrip> => {
    const progress = reportProgress(context, 'decode', settings.steps, { label: encoded.source.name })
    const { result: x0 } = await runSolver(
      decode(encoded.latent, {
        ...job.trajectory(encoded.condition, settings.guidance),
        settings,
        noiseItems: [0],
      }),
      showSteps(job, progress),
    )
    const reconstruction = await job.decodeStates(x0)
    return roundTripOf(encoded.picture, reconstruction, await autoencode(job, encoded))
  }
  return cache.roundTrips.get(keyOf(job, encoded.key, settings), context.signal, {
    work,
    decode: (bytes) => decodeRoundTrip(bytes, encoded.picture),
  })
}

/** Returns what the autoencoder alone makes of a picture; null for a pixel-space model, which has none. */
async function autoencode(job: Job, { picture, x0 }: EncodedPicture): Promise<Tensor | null> {
  if (job.isLossless) return null
  return job.decodeStates(x0 ?? (await job.encodePictures(picture)))
}

/**
 * Returns the reconstruction of a picture that was measured before, and whether a project brought it; null if none
 * is in memory.
 *
 * @param key  of the picture's latent
 */
export function findReconstruction(
  cache: LatentCache,
  job: Job,
  key: string,
  settings: DecodeSettings,
): { reconstruction: Tensor; isBrought: boolean } | null {
  const found = cache.roundTrips.find(keyOf(job, key, settings))
  return found ? { reconstruction: found.reconstruction, isBrought: cache.roundTrips.isBrought(found) } : null
}

function keyOf(job: Job, latentKey: string, settings: DecodeSettings): ResultKey {
  const { sha256, scheduleHash } = job.model.info
  return job.resultKey(JSON.stringify([sha256, scheduleHash, latentKey, settings]))
}
