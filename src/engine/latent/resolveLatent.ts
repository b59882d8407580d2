import type { DecodeSettings } from '#core/diffusion/settings'
import { stat } from 'node:fs/promises'
import { StudioError } from '#shared/errors'
import type { LatentReport } from '#shared/reports'
import type { FramePlan, LatentSource } from '#shared/settings'
import { createGaussian } from '#core/diffusion/gaussian'
import type { Latent } from '#core/diffusion/latent'
import { adviseOnLatent } from '#core/diffusion/latentAdvice'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import { defaultEndTimestep } from '#core/diffusion/noiseSchedule'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import { createTensor } from '#core/diffusion/tensor'
import { sourcesOf } from '#core/timeline/timeline'
import { explained } from '#files/fileErrors'
import type { Job } from '../job/Job'
import { classCondition } from '../model/network/classCondition'
import type { Condition } from '../model/network/condition'
import type { Model } from '../model/denoiser/model'
import type { EncodedPicture } from './encodedPicture'
import { encodePicture } from './encodePicture'
import type { LatentCache } from './latentCache'
import { readLatentFile } from './latentFile'
import { requireSameModel } from './requireSameModel'
import { measureRoundTrip } from './roundTrip'

/** A latent that is there, and what is known of it. */
export interface ResolvedLatent {
  /** Equal keys mean equal latents. */
  readonly key: string
  readonly latent: Latent
  /** What it is decoded on. */
  readonly condition: Condition
  readonly report: LatentReport
}

/**
 * Makes the latent that a source tells of.
 *
 * @param decode  how it will be decoded, null when it is only looked at: a seed, which has no timestep of its own, is
 *   drawn where these timesteps end, and a `.npy` file, which does not tell, is taken to be there
 */
export async function resolveLatent(
  cache: LatentCache,
  job: Job,
  source: LatentSource,
  decode: DecodeSettings | null,
): Promise<ResolvedLatent> {
  const { model } = job
  switch (source.kind) {
    case 'seed':
      return drawLatent(model, source, endTimestepOf(model, source, decode))
    case 'file':
      return openLatent(model, source, endTimestepOf(model, source, decode))
    case 'picture': {
      const encoded = await encodePicture(cache, job, source)
      return {
        key: encoded.key,
        latent: encoded.latent,
        condition: encoded.condition,
        report: reportEncoded(model, source.encode, encoded),
      }
    }
  }
}

/** As {@link resolveLatent}, and decodes an encoded picture back so that its report tells the fidelity too. */
export async function resolveMeasuredLatent(
  cache: LatentCache,
  job: Job,
  source: LatentSource,
  decode: DecodeSettings,
): Promise<ResolvedLatent> {
  if (source.kind !== 'picture') return resolveLatent(cache, job, source, decode)
  const encoded = await encodePicture(cache, job, source)
  const { fidelity } = await measureRoundTrip(cache, job, encoded, decode)
  return {
    key: encoded.key,
    latent: encoded.latent,
    condition: encoded.condition,
    report: { ...reportEncoded(job.model, source.encode, encoded), fidelity },
  }
}

/** Resolves the latents of a plan one after the other, in the plan's order. */
export async function resolveStops(
  plan: FramePlan,
  resolve: (source: LatentSource, index: number) => Promise<ResolvedLatent>,
): Promise<ResolvedLatent[]> {
  const stops: ResolvedLatent[] = []
  for (const [index, source] of sourcesOf(plan).entries()) stops.push(await resolve(source, index))
  return stops
}

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

/** The timestep of a source that has none of its own: the one asked for, or else where decoding would begin. */
function endTimestepOf(
  { schedule }: Model,
  { endTimestep }: { readonly endTimestep?: number | undefined },
  decode: DecodeSettings | null,
): number {
  if (decode === null) return endTimestep ?? defaultEndTimestep(schedule)
  return chooseTimesteps(schedule, { ...decode, endTimestep }).at(-1)!
}

/** x_T ~ N(0, I), the same on every machine. */
function drawLatent(
  model: Model,
  { seed, class: classIndex }: Extract<LatentSource, { kind: 'seed' }>,
  timestep: number,
): ResolvedLatent {
  const condition = classCondition(model.info, classIndex)
  const x = createTensor([1, ...model.space.stateShape])
  createGaussian(seed).fill(x.data)
  const latent = { x, timestep }
  const report = { ...reportBare(model, latent), seed, class: classIndex ?? null }
  return { key: `seed ${seed} at ${timestep} of class ${classIndex}`, latent, condition, report }
}

async function openLatent(
  model: Model,
  { path, endTimestep, class: asked }: Extract<LatentSource, { kind: 'file' }>,
  assumedTimestep: number,
): Promise<ResolvedLatent> {
  const { mtimeMs, size } = await explained(path, 'read', () => stat(path))
  const { latent, report } = await readLatentFile(path, assumedTimestep)
  requireSameModel(report, latent, model.info, path)
  if (endTimestep !== undefined && endTimestep !== latent.timestep) {
    throw new StudioError(
      'BAD_INPUT',
      `"${path}" is a latent of timestep ${latent.timestep}, not of ${endTimestep}: leave the end timestep to the file.`,
      { path },
    )
  }
  const classIndex = asked ?? report?.class ?? undefined
  return {
    key: JSON.stringify([path, mtimeMs, size, latent.timestep, classIndex]),
    latent,
    condition: classCondition(model.info, classIndex),
    report: { ...(report ?? reportBare(model, latent)), class: classIndex ?? null },
  }
}

function reportBare({ info }: Model, latent: Latent): LatentReport {
  const health = measureLatentStatistics(latent.x)
  return {
    modelId: info.id,
    modelSha256: info.sha256,
    scheduleHash: info.scheduleHash,
    endTimestep: latent.timestep,
    encode: null,
    source: null,
    seed: null,
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
