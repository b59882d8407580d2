import { adviseOnLatent, type LatentAdvice } from '#core/diffusion/latentAdvice'
import { measureChannels, measureLatentStatistics } from '#core/diffusion/latentStatistics'
import { warnOfLoosening } from '#core/diffusion/loosen'
import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import { drawsNoise } from '#core/diffusion/step'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import type { Latent } from '#core/diffusion/latent'
import type { LatentReport, ModelInfo } from '#shared/reports'
import type { Model } from '../model/denoiser/model'
import type { EncodedPicture } from './encodedPicture'

/**
 * If the standard deviation of a picture's states differs from 1 by more than this factor, their scale
 * is doubted.
 */
const doubtfulFactor = 2.5

/**
 * Checks the autoencoder's configuration by the scale of a picture's states; returns null if nothing is wrong
 * with it.
 */
function adviseOnStates({ autoencoder }: ModelInfo, std: number): LatentAdvice | null {
  if (autoencoder === null || Math.abs(Math.log(std)) < Math.log(doubtfulFactor)) return null
  const { config, scalingFactor } = autoencoder
  const right = Number((scalingFactor / std).toPrecision(2))
  return {
    level: 'poor',
    sentence: `The states of this picture have a standard deviation of ${std.toPrecision(2)}, where their network expects about 1: "scaling_factor" in ${config} should be about ${right}, not ${scalingFactor}.`,
  }
}

/** Reports a picture's latent before it is decoded back. */
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

/**
 * Adds how well a latent was decoded back. The forecast is about the errors of steps; noise that decoding
 * adds makes another picture, however many steps there are.
 */
export function withRoundTrip(
  report: LatentReport,
  { fidelity, fidelityParts }: Pick<LatentReport, 'fidelity' | 'fidelityParts'>,
  decode: DecodeSettings,
): LatentReport {
  const forecast = drawsNoise(decode) ? null : report.forecast
  return { ...report, fidelity, fidelityParts, forecast }
}

function warnOfIdleSettings({ schedule }: Model, encode: EncodeSettings): string | null {
  return warnOfLoosening(encode.loosen, chooseTimesteps(schedule, encode), schedule.numTrainTimesteps)
}

/** Reports what can be determined from any latent alone, wherever it comes from. */
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
