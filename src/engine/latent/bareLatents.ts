import { createGaussian } from '#core/diffusion/gaussian'
import { defaultEndTimestep } from '#core/diffusion/noiseSchedule'
import type { DecodeSettings } from '#core/diffusion/settings'
import { createTensor } from '#core/diffusion/tensor'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import { StudioError } from '#shared/errors'
import type { LatentReport } from '#shared/reports'
import type { LatentSource } from '#shared/latentSource'
import type { Model } from '../model/denoiser/model'
import type { Job } from '../job/Job'
import {
  type AskedCondition,
  conditionOf,
  type Prompts,
  promptsOfNoise,
  reportedPrompts,
} from '../job/conditionOf'
import { latentKey } from './hashLatent'
import { readLatentFile } from './latentFile'
import { reportBare } from './reportLatent'
import { requireSameModel } from './requireSameModel'
import type { ResolvedLatent } from './ResolvedLatent'

/** The timestep of a source that has none of its own: the one asked for, or else where decoding would begin. */
function endTimestepOf(
  { schedule }: Model,
  { endTimestep }: { readonly endTimestep?: number | undefined },
  decode: DecodeSettings | null,
): number {
  if (decode === null) return endTimestep ?? defaultEndTimestep(schedule)
  return chooseTimesteps(schedule, { ...decode, endTimestep }).at(-1)!
}

type SeedSource = Extract<LatentSource, { kind: 'seed' }>

/** x_T ~ N(0, I), the same on every machine, and what it is decoded on. */
export async function drawNoise(
  job: Job,
  source: SeedSource,
  decode: DecodeSettings | null,
): Promise<Pick<ResolvedLatent, 'latent' | 'condition'>> {
  const { model } = job
  const condition = await conditionOf(job, source, promptsOfNoise(source))
  const x = createTensor([1, ...model.space.stateShape])
  createGaussian(source.seed).fill(x.data)
  return { latent: { x, timestep: endTimestepOf(model, source, decode) }, condition }
}

/** As {@link drawNoise}, with a report. */
export async function drawLatent(
  job: Job,
  source: SeedSource,
  decode: DecodeSettings | null,
): Promise<ResolvedLatent> {
  const { seed, class: classIndex } = source
  const { latent, condition } = await drawNoise(job, source, decode)
  const prompts = reportedPrompts(job, promptsOfNoise(source))
  const report = { ...reportBare(job.model, latent), seed, class: classIndex ?? null, prompts }
  return { key: latentKey(latent, report), latent, condition, report }
}

/**
 * The latent of a file.
 *
 * @throws StudioError BAD_LATENT, MODEL_MISMATCH, BAD_INPUT, NOT_FOUND or UNREADABLE
 */
export async function openLatent(
  job: Job,
  source: Extract<LatentSource, { kind: 'file' }>,
  decode: DecodeSettings | null,
): Promise<ResolvedLatent> {
  const { model } = job
  const { path, endTimestep, class: asked } = source
  const { latent, report } = await readLatentFile(path, endTimestepOf(model, source, decode))
  requireSameModel(report, latent, model.info, path)
  if (endTimestep !== undefined && endTimestep !== latent.timestep) {
    throw new StudioError(
      'BAD_INPUT',
      `"${path}" is a latent of timestep ${latent.timestep}, not of ${endTimestep}: leave the end timestep to the file.`,
      { path },
    )
  }
  const classIndex = asked ?? report?.class ?? undefined
  const texts = promptsOfFile(source, report)
  const prompts = reportedPrompts(job, texts)
  const known = { ...(report ?? reportBare(model, latent)), class: classIndex ?? null, prompts }
  return {
    // A file may hold anything beside the seed that it names.
    key: latentKey(latent, { ...known, seed: null }),
    latent,
    condition: await conditionOf(job, { class: classIndex }, texts),
    report: known,
  }
}

/** The texts that a file keeps, unless others are asked for: it was encoded on its source prompt, whatever comes after. */
function promptsOfFile(asked: AskedCondition, report: LatentReport | null): Prompts {
  const kept = report?.prompts ?? promptsOfNoise({})
  return { prompt: asked.prompt ?? kept.prompt, sourcePrompt: asked.sourcePrompt ?? kept.sourcePrompt }
}
