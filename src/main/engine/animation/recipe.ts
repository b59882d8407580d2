import type { EngineRoutes, RouteRequest } from '#shared/contract'
import type { FramePlan } from '#shared/settings'
import type { ResolvedLatent } from '../latent/resolveLatent'
import type { Model } from '../model/model'

/**
 * Everything that decides the pixels of an export, as JSON: equal recipes mean equal frames. It is written into the
 * output where the format has a place for it, and compared before an interrupted export is resumed. It names pictures
 * by file name and hash, never by the path on someone's disk.
 */
export function describeRecipe(
  { info, compute }: Model,
  { plan, decode, target, batch }: RouteRequest<EngineRoutes['animation.export']>,
  stops: readonly ResolvedLatent[],
): string {
  const { fps, scale, loop, pingPong } = target
  return JSON.stringify({
    software: 'Slerp Studio',
    model: { id: info.id, sha256: info.sha256, scheduleHash: info.scheduleHash },
    plan: withoutSources(plan),
    stops: stops.map(({ report: { source, seed, encode, terminal } }) => ({
      source,
      seed,
      encode,
      terminal,
    })),
    decode,
    batch,
    target: { fps, scale, loop, pingPong },
    compute,
  })
}

/** How the stops are mixed, without what they are: those are named by hash. */
function withoutSources(plan: FramePlan): object {
  if (plan.kind === 'path') return { kind: plan.kind, segments: plan.segments }
  if (plan.kind === 'grid') return { kind: plan.kind, columns: plan.columns, rows: plan.rows }
  return { kind: plan.kind }
}
