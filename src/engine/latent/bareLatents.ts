import { createGaussian } from '#core/random/gaussian'
import { defaultEndTimestep } from '#core/diffusion/noiseSchedule'
import type { DecodeSettings } from '#core/diffusion/settings'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
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
import { adviseOn, reportBare } from './reportLatent'
import { requireSameModel } from './requireSameModel'
import type { ResolvedLatent } from './ResolvedLatent'

/**
 * Returns the timestep of a source that has none of its own: the requested one, or else the one where
 * decoding starts.
 */
function endTimestepOf(
  { schedule }: Model,
  { endTimestep }: { readonly endTimestep?: number | undefined },
  decode: DecodeSettings | null,
): number {
  if (decode === null) return endTimestep ?? defaultEndTimestep(schedule)
  return chooseTimesteps(schedule, { ...decode, endTimestep }).at(-1)!
}

type SeedSource = Extract<LatentSource, { kind: 'seed' }>

/** Draws x_T ~ N(0, I), the same on every machine, and returns it with the condition for decoding. */
export async function drawNoise(
  job: Job,
  source: SeedSource,
  decode: DecodeSettings | null,
): Promise<Pick<ResolvedLatent, 'latent' | 'condition'>> {
  const { model } = job
  const condition = await conditionOf(job, source, promptsOfNoise(source))
  const x = drawState(model.space.stateShape, source.seed)
  return { latent: { x, timestep: endTimestepOf(model, source, decode) }, condition }
}

/**
 * Draws the x_T ~ N(0, I) of a seed.
 *
 * @param shape  that of one state, [C, H, W]
 */
export function drawState(shape: readonly number[], seed: number): Tensor {
  const x = createTensor([1, ...shape])
  createGaussian(seed).fill(x.data)
  return x
}

/** Like {@link drawNoise}, with a report. */
export async function drawLatent(
  job: Job,
  source: SeedSource,
  decode: DecodeSettings | null,
): Promise<ResolvedLatent> {
  const { seed, class: classIndex } = source
  const { latent, condition } = await drawNoise(job, source, decode)
  const prompts = reportedPrompts(job, promptsOfNoise(source))
  const report = { ...reportBare(job.model, latent, { seed }), class: classIndex ?? null, prompts }
  return { key: latentKey(latent, report), latent, condition, report }
}

/**
 * Opens the latent in a file.
 *
 * @throws StudioError BAD_LATENT, MODEL_MISMATCH, BAD_INPUT, NOT_FOUND or UNREADABLE
 */
export async function openLatent(
  job: Job,
  source: Extract<LatentSource, { kind: 'file' }>,
  decode: DecodeSettings | null,
): Promise<ResolvedLatent> {
  const { model } = job
  const { path, endTimestep, assumedTimestep, class: asked } = source
  const { report, ...read } = await readLatentFile(path)
  const assumed = { endTimestep: endTimestep ?? assumedTimestep }
  // Only a file that states no timestep needs one: the settings may have none for as many steps.
  const latent = { ...read, timestep: read.timestep ?? endTimestepOf(model, assumed, decode) }
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
  const own = report ? { ...report, advice: adviseOn(model, latent, report) } : reportBare(model, latent)
  const known = { ...own, class: classIndex ?? null, prompts }
  return {
    // The seed named in a file does not prove what values it contains.
    key: latentKey(latent, { ...known, seed: null }),
    latent,
    condition: await conditionOf(job, { class: classIndex }, texts),
    report: known,
  }
}

/**
 * Returns the prompts stored in a file, unless others are requested. The source prompt is the one that it was
 * encoded with, even if only the other prompt is requested anew.
 */
function promptsOfFile(asked: AskedCondition, report: Pick<LatentReport, 'prompts'> | null): Prompts {
  const kept = report?.prompts ?? promptsOfNoise({})
  return { prompt: asked.prompt ?? kept.prompt, sourcePrompt: asked.sourcePrompt ?? kept.sourcePrompt }
}
