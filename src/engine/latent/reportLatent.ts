import { adviseOnLatent } from '#core/diffusion/latentAdvice'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import type { Latent } from '#core/diffusion/latent'
import type { LatentReport } from '#shared/reports'
import type { Model } from '../model/denoiser/model'
import type { EncodedPicture } from './encodedPicture'

/** What is known of a picture's latent before it was decoded back. */
export function reportEncoded(
  model: Model,
  encode: LatentReport['encode'],
  { latent, source, class: classIndex, forecast, healthBefore, evaluations, seconds }: EncodedPicture,
): LatentReport {
  return {
    ...reportBare(model, latent),
    encode,
    source,
    class: classIndex,
    forecast,
    healthBefore,
    evaluations,
    seconds,
    compute: model.compute,
  }
}

/** What a latent tells of itself, wherever it comes from. */
export function reportBare({ info }: Model, latent: Latent): LatentReport {
  const health = measureLatentStatistics(latent.x)
  return {
    modelId: info.id,
    modelSha256: info.sha256,
    scheduleHash: info.scheduleHash,
    endTimestep: latent.timestep,
    encode: null,
    source: null,
    seed: null,
    mixedFrom: null,
    class: null,
    fidelity: null,
    forecast: null,
    health,
    advice: adviseOnLatent(health, latent.x.data.length),
    healthBefore: null,
    compute: null,
    evaluations: 0,
    seconds: 0,
  }
}
