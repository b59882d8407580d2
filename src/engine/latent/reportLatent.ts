import { adviseOnEarlierLatent, adviseOnLatent, type LatentAdvice } from '#core/diffusion/latentAdvice'
import { measureChannels, measureLatentStatistics } from '#core/diffusion/latentStatistics'
import { warnOfLoosening } from '#core/diffusion/loosen'
import { isNoiseAt } from '#core/diffusion/noiseSchedule'
import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import { findPictureChange } from '#core/diffusion/pictureChange'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import type { Latent } from '#core/diffusion/latent'
import { bundledModelOf } from '#shared/bundledModels'
import type { LatentReport } from '#shared/reports'
import type { Model } from '../model/denoiser/model'
import type { EncodedPicture } from './encodedPicture'

/**
 * If the standard deviation of a picture's states differs from 1 by more than this factor, their scale
 * is doubted.
 */
const doubtfulFactor = 2.5

/** The origin of a latent that was not made from a picture. */
type NoiseOrigin = Pick<LatentReport, 'seed' | 'mixedFrom' | 'movedFrom'>

/**
 * Says what the statistics of a latent mean for mixing with this model, or, if the scale of its picture's states is
 * wrong, what in the autoencoder's configuration causes that.
 *
 * @param report  its `stateStd` is null if unknown
 */
export function adviseOn(
  model: Model,
  { x, timestep }: Latent,
  report: Pick<LatentReport, 'health' | 'stateStd'> & NoiseOrigin,
): LatentAdvice {
  const { info, schedule } = model
  const { health, stateStd } = report
  const advice =
    isNoiseAt(schedule, timestep) || isDrawn(report)
      ? adviseOnLatent(health, x.data.length, bundledModelOf(info)?.healthLimits ?? null)
      : adviseOnEarlierLatent(timestep)
  const fault = stateStd === null ? null : findScaleFault(model, stateStd)
  return fault === null ? advice : { ...advice, level: 'poor', sentence: fault }
}

/** Returns whether a latent was drawn as noise, or made of latents that were: then it is noise at any timestep. */
function isDrawn({ seed, mixedFrom, movedFrom }: NoiseOrigin): boolean {
  if (mixedFrom) return mixedFrom.every((part) => part.seed !== null)
  return (movedFrom?.seed ?? seed) !== null
}

/**
 * Checks the autoencoder's configuration by the scale of a picture's states; returns null if nothing is wrong
 * with it.
 */
function findScaleFault({ info: { autoencoder } }: Model, std: number): string | null {
  if (autoencoder === null || Math.abs(Math.log(std)) < Math.log(doubtfulFactor)) return null
  const { config, scalingFactor } = autoencoder
  const right = Number((scalingFactor / std).toPrecision(2))
  return `The states of this picture have a standard deviation of ${std.toPrecision(2)}, where their network expects about 1: "scaling_factor" in ${config} should be about ${right}, not ${scalingFactor}.`
}

/**
 * Reports a picture's latent before it is decoded back. The forecast concerns only the errors of steps, so it is
 * omitted if something else changes the picture.
 */
export function reportEncoded(
  model: Model,
  encode: LatentReport['encode'],
  {
    latent,
    source,
    class: classIndex,
    prompts,
    forecast,
    stateStd: std,
    compute,
    healthBefore,
    evaluations,
    seconds,
  }: EncodedPicture,
): LatentReport {
  const bare = reportBare(model, latent)
  const stateStd = model.info.autoencoder === null ? null : std
  return {
    ...bare,
    stateStd,
    advice: adviseOn(model, latent, { ...bare, stateStd }),
    encode,
    source,
    class: classIndex,
    prompts,
    forecast: findPictureChange({ encode, healthBefore, prompts }) === null ? forecast : null,
    encodeWarning: encode && warnOfIdleSettings(model, encode),
    healthBefore,
    evaluations,
    seconds,
    compute,
  }
}

/**
 * Adds how well a latent was decoded back. The forecast assumes that decoding takes the steps of the encoding
 * backwards, so it is omitted for other steps, and if something else changes the picture.
 */
export function withRoundTrip(
  report: LatentReport,
  { fidelity, fidelityParts }: Pick<LatentReport, 'fidelity' | 'fidelityParts'>,
  decode: DecodeSettings,
): LatentReport {
  const { encode } = report
  const isChanged = findPictureChange({ ...report, decode }) !== null
  const hasForecast = !isChanged && encode !== null && areSameSteps(encode, decode)
  const forecast = hasForecast ? report.forecast : null
  return { ...report, fidelity, fidelityParts, forecast }
}

function areSameSteps(encode: EncodeSettings, decode: DecodeSettings): boolean {
  const stepsOf = ({ solver, timestepSpacing, steps, timesteps }: EncodeSettings | DecodeSettings) =>
    JSON.stringify([solver, timestepSpacing, steps, timesteps])
  return stepsOf(encode) === stepsOf(decode)
}

function warnOfIdleSettings({ schedule }: Model, encode: EncodeSettings): string | null {
  return warnOfLoosening(encode.loosen, chooseTimesteps(schedule, encode), schedule.numTrainTimesteps)
}

/** Reports what can be determined from a latent and from what it was made from. */
export function reportBare(
  model: Model,
  latent: Latent,
  { seed = null, mixedFrom = null, movedFrom }: Partial<NoiseOrigin> = {},
): LatentReport {
  const { info } = model
  const known = { health: measureLatentStatistics(latent.x), stateStd: null, seed, mixedFrom, movedFrom }
  return {
    modelId: info.id,
    modelSha256: info.sha256,
    scheduleHash: info.scheduleHash,
    endTimestep: latent.timestep,
    encode: null,
    source: null,
    seed,
    mixedFrom,
    ...(movedFrom && { movedFrom }),
    class: null,
    prompts: null,
    fidelity: null,
    fidelityParts: null,
    forecast: null,
    encodeWarning: null,
    health: known.health,
    channels: measureChannels(latent.x),
    stateStd: null,
    advice: adviseOn(model, latent, known),
    healthBefore: null,
    compute: null,
    evaluations: 0,
    seconds: 0,
  }
}
