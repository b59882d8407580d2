import { stat } from 'node:fs/promises'
import type { ModelInfo, PictureInfo } from '#shared/reports'
import type { LatentSource, PictureSource } from '#shared/settings'
import { encode } from '#core/diffusion/inversion'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import { forecastRoundTrip } from '#core/diffusion/roundTripForecast'
import { restandardise } from '#core/diffusion/restandardise'
import type { Tensor } from '#core/diffusion/tensor'
import { explained } from '#files/fileErrors'
import { fitPicture } from '../image/fitPicture'
import { pixelsToTensor } from '../image/tensorPixels'
import type { Job } from '../job/Job'
import { classCondition } from '../model/network/classCondition'
import { reportProgress } from '../job/reportProgress'
import type { EncodedPicture } from './encodedPicture'
import type { LatentCache } from './latentCache'
import { runSolver, showSteps } from './runSolver'

/** A picture, fitted to the model. */
export interface LoadedPicture {
  readonly info: PictureInfo
  /** On [-1, 1], [1, C, H, W]. */
  readonly picture: Tensor
}

/** A picture and all that decides its latent. */
export type PictureLatentSource = Omit<Extract<LatentSource, { kind: 'picture' }>, 'kind'>

/** Encodes a picture, and re-standardises its latent where that is asked for. */
export async function encodePicture(
  cache: LatentCache,
  job: Job,
  source: PictureLatentSource,
): Promise<EncodedPicture> {
  const encoded = await followOde(cache, job, source)
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
  cache: LatentCache,
  job: Job,
  { picture, encode: settings, class: classIndex }: PictureLatentSource,
): Promise<EncodedPicture> {
  const { model, context } = job
  const condition = classCondition(model.info, classIndex)
  const { mtimeMs, size } = await explained(picture.path, 'read', () => stat(picture.path))
  const key = JSON.stringify([model.key, picture, mtimeMs, size, settings, classIndex])
  return cache.encoded.get(key, context.signal, async () => {
    const started = performance.now()
    const loaded = await loadPicture(cache, job, picture)
    const { info } = loaded
    const progress = reportProgress(context, 'encode', settings.steps, { label: info.name })
    const x0 = await job.encodePictures(loaded.picture)
    const show = showSteps(job, progress)
    let expectedError: number | undefined
    const { result: latent, evaluations } = await runSolver(
      encode(x0, { ...job.trajectory(condition), settings }),
      (step) => {
        expectedError = step.expectedError?.[0]
        return show(step)
      },
    )
    const forecast = worksOnPixels(model.info) ? forecastRoundTrip(expectedError, settings.steps) : null
    const seconds = (performance.now() - started) / 1000
    const source = { name: info.name, sha256: info.sha256 }
    return {
      key,
      source,
      picture: loaded.picture,
      latent,
      condition,
      class: classIndex ?? null,
      forecast,
      healthBefore: null,
      evaluations,
      seconds,
    }
  })
}

/** Whether errors of states are errors of pictures. */
function worksOnPixels({ picture, state }: ModelInfo): boolean {
  return picture.height === state.height && picture.channels === state.channels
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
