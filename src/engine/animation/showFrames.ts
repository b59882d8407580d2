import type { EngineRoutes, RouteOutput, RouteRequest } from '#shared/contract'
import type { Job } from '../job/Job'
import { reportProgress } from '../job/reportProgress'
import { resolveStop, resolveStops } from '../latent/resolveLatent'
import { collectAndCount, findFrames } from './collectFrames'
import type { RenderCache } from './renderCache'
import { planFrame } from './planFrame'
import { recordedCompute } from './provenance'

type FramesRequest = Omit<RouteRequest<EngineRoutes['animation.frames']>, 'model' | 'urgent'>

/**
 * Decodes frames of a plan, or their drafts. With `draft.orFinal`, the final frames are returned instead of drafts if
 * all of them are cached.
 *
 * @param started  when the request arrived, by `performance.now()`
 */
export async function showFrames(
  cache: RenderCache,
  begun: Job,
  { plan, indices, decode, draft }: FramesRequest,
  started: number,
): Promise<RouteOutput<EngineRoutes['animation.frames']>> {
  const job = begun.with({ previews: draft !== undefined && indices.length === 1 })
  const encoding = job.with({ priority: 'encode' })
  const stops = await resolveStops(plan, resolveStop(cache.latents, encoding, plan, { decode }))
  const planned = indices.map((index) => planFrame(plan, stops, index))
  const kept = draft?.orFinal ? await findFrames(cache, job, planned, decode) : null
  const progress = reportProgress(job.context, 'decode', planned.length)
  const options = { settings: decode, draftEvaluations: draft?.evaluations, onStep: progress }
  const { frames, decoded, brought } = kept ?? (await collectAndCount(cache, job, planned, options))
  const { batch, compute } = job.model
  return {
    frames,
    seconds: (performance.now() - started) / 1000,
    decoded,
    batch,
    final: !draft || kept !== null,
    compute: brought === frames.length ? null : recordedCompute(compute),
  }
}
