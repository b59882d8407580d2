import { createHash } from 'node:crypto'
import type { EngineRoutes, RouteRequest } from '#shared/contract'
import type { FramePlan } from '#shared/settings'
import type { Latent } from '../core/latent'
import type { ResolvedLatent } from '../latent/resolveLatent'
import { settledCompute } from '../model/computeRecord'
import type { Model } from '../model/model'

/**
 * Everything that decides the pixels of an export, as JSON: equal recipes mean equal frames. It is written into the
 * output where the format has a place for it, and compared before an interrupted export is resumed. It names pictures
 * by file name and hash, never by the path on someone's disk; the hash of the latent itself stands for how each was cropped
 * and repaired.
 */
export function describeRecipe(
  { info, compute, batch: automatic }: Model,
  { plan, decode, target, batch = automatic }: RouteRequest<EngineRoutes['animation.export']>,
  stops: readonly ResolvedLatent[],
): string {
  const { fps, scale, loop, pingPong } = target
  return JSON.stringify({
    software: 'Slerp Studio',
    model: { id: info.id, sha256: info.sha256, scheduleHash: info.scheduleHash },
    plan: withoutSources(plan),
    stops: stops.map(({ latent, report: { source, seed, encode, terminal } }) => ({
      source,
      seed,
      encode,
      terminal,
      latentSha256: hashLatent(latent),
    })),
    decode,
    batch,
    target: { fps, scale, loop, pingPong },
    // Half batches, after a device was short of memory, are no reason to begin anew.
    compute: { ...settledCompute(compute), parts: 1 },
  })
}

/** SHA-256 of a latent's values, those of a companion after its own. */
function hashLatent({ x, companion }: Latent): string {
  const hash = createHash('sha256').update(bytesOf(x.data))
  if (companion) hash.update(bytesOf(companion.x.data))
  return hash.digest('hex')
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** How the stops are mixed, without what they are: those are named by hash. */
function withoutSources(plan: FramePlan): object {
  if (plan.kind === 'path') return { kind: plan.kind, segments: plan.segments }
  if (plan.kind === 'grid') return { kind: plan.kind, columns: plan.columns, rows: plan.rows }
  return { kind: plan.kind }
}
