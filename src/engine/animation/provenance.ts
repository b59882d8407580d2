import type { EngineRoutes, RouteRequest } from '#shared/contract'
import type { FramePlan } from '#shared/framePlan'
import type { SamplePlan } from '#shared/batch'
import { hashLatent } from '../latent/hashLatent'
import type { ResolvedLatent } from '../latent/ResolvedLatent'
import type { SourceRecord } from './sourceRecords'
import { settledCompute } from '../model/network/computeRecord'
import type { Model } from '../model/denoiser/model'

/** What of a request its provenance tells. */
export type ProvenanceRequest = Omit<RouteRequest<EngineRoutes['animation.provenance']>, 'model'>

/** What decides the frames. */
export interface FrameRequest extends Pick<ProvenanceRequest, 'decode' | 'batch'> {
  readonly plan: FramePlan | SamplePlan
}

/**
 * Everything that decides the pixels of an export, as JSON, which goes into the
 * output where its format has a place for it: the engine's own files and the window's videos alike. It names pictures by file name and hash, never by the path on someone's disk; the hash of the latent itself
 * stands for how each was cropped and repaired.
 *
 * @param sources  what the stops are made of, which leads back to the project
 */
export function describeProvenance(
  model: Model,
  request: ProvenanceRequest,
  stops: readonly ResolvedLatent[],
  sources: readonly SourceRecord[],
): string {
  return addTarget(describeSharedFrames(model, request, stops, sources), request.target)
}

/** All of a provenance but how the frames are shown, as JSON: what the shards of one job have in common. */
export function describeSharedFrames(
  model: Model,
  request: FrameRequest,
  stops: readonly ResolvedLatent[],
  sources: readonly SourceRecord[],
): string {
  const { hub } = model.info
  return JSON.stringify({
    ...frameProvenance(model, request, stops),
    ...(hub && { hub }),
    ...describeParts(stops),
    sources,
  })
}

/** Completes what {@link describeSharedFrames} tells by how the frames are shown. */
export function addTarget(
  shared: string,
  { fps, scale, enlargement, repeat, quality }: ProvenanceRequest['target'],
): string {
  return JSON.stringify({
    ...(JSON.parse(shared) as object),
    target: { fps, scale, enlargement, repeat, quality },
  })
}

/** In latent diffusion, which part of each reconstruction's error is the autoencoder's, where it was measured. */
function describeParts(stops: readonly ResolvedLatent[]): { fidelityParts?: readonly unknown[] } {
  const parts = stops.map(({ report }) => report.fidelityParts)
  return parts.some((one) => one !== null) ? { fidelityParts: parts } : {}
}

/**
 * What of the provenance decides the frames at the model's size, as JSON: equal ones mean equal frames, whatever the rate,
 * the scale and the order in which they are shown. Compared before an interrupted export is resumed.
 */
export function describeFrames(
  model: Model,
  request: FrameRequest,
  stops: readonly ResolvedLatent[],
): string {
  return JSON.stringify(frameProvenance(model, request, stops))
}

function frameProvenance(
  { info, compute, batch: automatic }: Model,
  { plan, decode, batch = automatic }: FrameRequest,
  stops: readonly ResolvedLatent[],
): object {
  return {
    software: 'Slerp Studio',
    model: { id: info.id, sha256: info.sha256, scheduleHash: info.scheduleHash },
    plan: withoutSources(plan),
    stops: stops.map(
      ({ latent, report: { source, seed, encode, endTimestep, class: classIndex, prompts, mixedFrom } }) => ({
        source,
        seed,
        encode,
        endTimestep,
        ...(classIndex !== null && { class: classIndex }),
        ...(prompts && { prompts }),
        ...(mixedFrom && { mixedFrom }),
        latentSha256: hashLatent(latent),
      }),
    ),
    decode,
    batch,
    // Half batches, after a device was short of memory, are no reason to begin anew.
    compute: { ...settledCompute(compute), parts: 1 },
  }
}

/** How the stops are mixed, without what they are: those are named by hash. */
function withoutSources(plan: FrameRequest['plan']): object {
  if (plan.kind === 'samples') return plan
  if (plan.kind === 'path') {
    const { kind, segments, pinned } = plan
    return { kind, segments, ...(pinned && { pinned }) }
  }
  if (plan.kind === 'grid') return { kind: plan.kind, columns: plan.columns, rows: plan.rows }
  return { kind: plan.kind }
}
