import type { SolverSettings } from '#core/diffusion/settings'
import type { LabStudy, StudyStop } from '#shared/lab'
import type { FramePlan } from '#shared/framePlan'
import type { LatentSource } from '#shared/latentSource'
import { planFrame } from '../../animation/planFrame'
import { collectFrames } from '../../animation/collectFrames'
import { countFrames } from '#core/timeline/timeline'
import { decodePng } from '../../image/decodePng'
import type { Pixels } from '#core/picture/pixels'
import { resolveLatent, resolveStops } from '../../latent/resolveLatent'
import type { RenderCache } from '../../animation/renderCache'
import type { Job } from '../../job/Job'

/** What picture figures are made with. */
export interface Studio {
  readonly cache: RenderCache
  readonly job: Job
  readonly study: LabStudy
}

/** Returns the latents of a study's first stops; pictures are encoded as in its cells. */
export function latentsOf(
  { stops, endTimestep }: LabStudy,
  count: number,
  { solver, timestepSpacing, steps }: SolverSettings,
): LatentSource[] {
  const encode = { solver, timestepSpacing, steps, conditioningTimestep: 'current', endTimestep } as const
  return stops
    .slice(0, count)
    .map((stop) => (stop.kind === 'picture' ? { ...stop, encode, restandardise: false } : stop))
}

/** Returns the stops of a study that are latents rather than pictures. */
export function latentStopsOf({ stops }: LabStudy): Exclude<StudyStop, { kind: 'picture' }>[] {
  return stops.filter((stop) => stop.kind !== 'picture')
}

/** Decodes all frames of a plan, in order. */
export async function renderPlan(
  { cache, job, study: { batch, clip } }: Studio,
  plan: FramePlan,
  settings: SolverSettings,
): Promise<Pixels[]> {
  // The study reports its progress as a whole; progress of its parts would interfere.
  const quiet = job.with({ context: { ...job.context, report: () => undefined } })
  const decode = { ...settings, sigmaHat: false, seed: 0, clip }
  const stops = await resolveStops(plan, (source) => resolveLatent(cache.latents, quiet, source, decode))
  const planned = Array.from({ length: countFrames(plan) }, (_, frame) => planFrame(plan, stops, frame))
  const pngs = await collectFrames(cache, quiet, planned, { settings: decode, batch })
  return Promise.all(pngs.map((png) => decodePng(png)))
}
