import { adviseOnLatent, type LatentAdvice } from '#core/diffusion/latentAdvice'
import { measureChannels, measureLatentStatistics } from '#core/diffusion/latentStatistics'
import { warnOfLoosening } from '#core/diffusion/loosen'
import type { EncodeSettings } from '#core/diffusion/settings'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import type { Latent } from '#core/diffusion/latent'
import type { LatentReport, ModelInfo } from '#shared/reports'
import type { Model } from '../model/denoiser/model'
import type { EncodedPicture } from './encodedPicture'

/** How far the states of a picture may stray from a standard deviation of 1 before their scale is doubted, as a factor. */
const doubtfulFactor = 2.5

/** What the scale of a picture's states says of the autoencoder's configuration; null when nothing is wrong with it. */
function adviseOnStates({ autoencoder }: ModelInfo, std: number): LatentAdvice | null {
  if (autoencoder === null || Math.abs(Math.log(std)) < Math.log(doubtfulFactor)) return null
  const { config, scalingFactor } = autoencoder
  const right = Number((scalingFactor / std).toPrecision(2))
  return {
    level: 'poor',
    sentence: `The states of this picture have a standard deviation of ${std.toPrecision(2)}, where their network expects about 1: "scaling_factor" in ${config} should be about ${right}, not ${scalingFactor}.`,
  }
}

/** What is known of a picture's latent before it was decoded back. */
export function reportEncoded(
  model: Model,
  encode: LatentReport['encode'],
  {
    latent,
    source,
    class: classIndex,
    prompts,
    forecast,
    stateStd,
    compute,
    healthBefore,
    evaluations,
    seconds,
  }: EncodedPicture,
): LatentReport {
  const bare = reportBare(model, latent)
  return {
    ...bare,
    advice: adviseOnStates(model.info, stateStd) ?? bare.advice,
    encode,
    source,
    class: classIndex,
    prompts,
    forecast,
    encodeWarning: encode && warnOfIdleSettings(model, encode),
    healthBefore,
    evaluations,
    seconds,
    compute,
  }
}

function warnOfIdleSettings({ schedule }: Model, encode: EncodeSettings): string | null {
  return warnOfLoosening(encode.loosen, chooseTimesteps(schedule, encode), schedule.numTrainTimesteps)
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
    prompts: null,
    fidelity: null,
    fidelityParts: null,
    forecast: null,
    encodeWarning: null,
    health,
    channels: measureChannels(latent.x),
    advice: adviseOnLatent(health, latent.x.data.length),
    healthBefore: null,
    compute: null,
    evaluations: 0,
    seconds: 0,
  }
}
