import { isDeepStrictEqual } from 'node:util'
import { StudioError } from '#shared/errors'
import type { ComputeInfo, PictureInfo } from '#shared/reports'
import type { LatentSource } from '#shared/latentSource'
import type { PictureSource } from '#shared/pictureSource'
import { encode } from '#core/diffusion/inversion'
import { centralMoments, measureLatentStatistics } from '#core/diffusion/latentStatistics'
import { forecastRoundTrip } from '#core/diffusion/roundTripForecast'
import { restandardise } from '#core/diffusion/restandardise'
import { mostSteps } from '#core/diffusion/timestepSpacing'
import type { Latent } from '#core/diffusion/latent'
import type { Tensor } from '#core/diffusion/tensor'
import { fitPicture } from '../image/fitPicture'
import { pixelsToTensor } from '../image/tensorPixels'
import type { Job } from '../job/Job'
import { conditionOf, promptsKey, promptsOfPicture, reportedPrompts } from '../job/conditionOf'
import { settledCompute } from '../model/network/computeRecord'
import { encodingCondition } from '../model/network/guidance'
import { reportProgress } from '../job/reportProgress'
import type { Condition } from '../model/network/condition'
import type { EncodedPicture, Encoding } from './encodedPicture'
import { hashTensor, latentKey } from './hashLatent'
import { identifyPicture, requireIdentified } from './identifyPicture'
import { decodeEncoding } from './keptTensors'
import type { LatentCache } from './latentCache'
import { machineName } from './machine'
import { runSolver, showSteps } from './runSolver'

/** A picture, fitted to the model. */
export interface LoadedPicture {
  readonly info: PictureInfo
  /** On [-1, 1], [1, C, H, W]. */
  readonly picture: Tensor
}

/** A picture and everything that decides its latent. */
export type PictureLatentSource = Omit<Extract<LatentSource, { kind: 'picture' }>, 'kind'>

/** Encodes a picture, and re-standardises its latent if requested. */
export async function encodePicture(
  cache: LatentCache,
  job: Job,
  source: PictureLatentSource,
): Promise<EncodedPicture> {
  const encoded = await followOde(cache, job, source)
  if (!source.restandardise) return encoded
  const latent = restandardise(encoded.latent)
  const key = keyOf(latent, encoded)
  // The forecast is about the latent that was found, not about one that was shifted and scaled.
  return { ...encoded, key, latent, forecast: null, healthBefore: measureLatentStatistics(encoded.latent.x) }
}

/**
 * Identifies a picture's latent by its content: latents that differ in a single bit, as from two devices,
 * have different keys.
 */
function keyOf(latent: Latent, known: Pick<EncodedPicture, 'picture' | 'class' | 'prompts'>): string {
  return `${latentKey(latent, known)} of ${hashTensor(known.picture)}`
}

/** Encodes a picture through the cache, whose key contains everything that decides the result. */
async function followOde(cache: LatentCache, job: Job, source: PictureLatentSource): Promise<EncodedPicture> {
  const { picture, encode: settings, class: classIndex } = source
  const { model, context } = job
  requireInverse(job, 'Start from seeds, or choose')
  const texts = promptsOfPicture(source)
  const condition = await conditionOf(job, source, texts)
  const prompts = reportedPrompts(job, texts)
  const { name, sha256 } = await identifyPicture(cache.pictures, picture, context.signal, job)
  const { info } = model
  const parts = [info.sha256, info.scheduleHash, sha256, picture.fit, settings, classIndex]
  const asked = JSON.stringify(
    prompts ? [...parts, promptsKey({ sourcePrompt: prompts.sourcePrompt })] : parts,
  )
  const encoding = await cache.encodings.get(job.resultKey(asked), context.signal, {
    work: () => encodeAnew(cache, job, source, { condition, sha256 }),
    decode: (bytes) => decodeEncoding(bytes, info),
  })
  const known = {
    source: { name, sha256 },
    compute: computeNow(encoding.compute, model.compute),
    condition,
    class: classIndex ?? null,
    prompts,
    healthBefore: null,
  }
  return { ...encoding, ...known, key: keyOf(encoding.latent, { ...encoding, ...known }) }
}

/**
 * Returns the device and runtime that computed a cached result. If this job would compute it in the same way,
 * returns this job's own value, which includes how its device was chosen.
 */
function computeNow(made: ComputeInfo, now: ComputeInfo): ComputeInfo {
  return isDeepStrictEqual(settledCompute(made), settledCompute(now)) ? now : made
}

/**
 * Fits a picture to the model and follows the reversed ODE from x0 to xT (paper, eq. 14 run backwards).
 *
 * @param sha256  of the intended file, which is part of the result's cache key
 */
async function encodeAnew(
  cache: LatentCache,
  job: Job,
  { picture, encode: settings }: PictureLatentSource,
  { condition, sha256 }: { condition: Condition; sha256: string },
): Promise<Encoding> {
  const { model, context } = job
  const started = performance.now()
  const loaded = await loadPicture(cache, job, picture)
  requireIdentified(loaded.info, sha256)
  const x0 = await job.encodePictures(loaded.picture)
  // Only now: the autoencoder's time says nothing about that of a step.
  const progress = reportProgress(context, 'encode', settings.steps, { label: loaded.info.name })
  const show = showSteps(job, progress)
  let expectedError: number | undefined
  const { result: latent, evaluations } = await runSolver(
    encode(x0, { ...job.trajectory(encodingCondition(condition)), settings }),
    (step) => {
      expectedError = step.expectedError?.[0]
      return show(step)
    },
  )
  // The forecast concerns states, which are pictures only in a pixel-space model, and the errors of steps, not the
  // noise that loosening replaces them with.
  const hasForecast = model.space.isLossless && !settings.loosen
  const most = mostSteps(model.schedule, settings)
  const forecast = hasForecast ? forecastRoundTrip(expectedError, settings.steps, most) : null
  const seconds = (performance.now() - started) / 1000
  const stateStd = Math.sqrt(centralMoments(x0.data).variance)
  const made = { compute: model.compute, machine: machineName() }
  return { picture: loaded.picture, x0, latent, forecast, stateStd, ...made, evaluations, seconds }
}

/**
 * Rejects a model without an inverse: its latents would not lead back to their pictures, yet look as if
 * they did.
 *
 * @param advice  what to do, up to "the model that it was distilled from"
 * @throws StudioError UNSUPPORTED
 */
export function requireInverse({ model: { info, schedule } }: Job, advice: string): void {
  if (schedule.noInverse === undefined) return
  throw new StudioError(
    'UNSUPPORTED',
    `${info.id} makes pictures of noise, and encodes none: ${schedule.noInverse}. ${advice} the model that it was distilled from.`,
  )
}

/**
 * Reads a picture as the model will see it.
 *
 * @throws StudioError as `openPicture`
 */
export async function loadPicture(
  { pictures }: LatentCache,
  { model, context }: Job,
  { path, fit }: PictureSource,
): Promise<LoadedPicture> {
  const { channels, height, width } = model.info.picture
  const opened = await pictures.open(path, context.signal)
  const picture = pixelsToTensor(fitPicture(opened, fit, width, height), channels)
  return { info: opened.info, picture }
}
