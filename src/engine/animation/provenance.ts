import { type FrameRange, isPart, rangeWithin } from '#core/timeline/frameRange'
import { countFrames } from '#core/timeline/timeline'
import type { Latent } from '#core/diffusion/latent'
import type { EngineRoutes, RouteRequest } from '#shared/contract'
import { exportFormat, shownFrames } from '#shared/exportFormats'
import type { FramePlan } from '#shared/framePlan'
import type { ComputeInfo, LatentReport } from '#shared/reports'
import type { SamplePlan } from '#shared/batch'
import { stableJson } from '#shared/stableJson'
import { resultVersions } from '../job/resultVersions'
import { hashLatent } from '../latent/hashLatent'
import type { ResolvedLatent } from '../latent/ResolvedLatent'
import type { SourceRecord } from './sourceRecords'
import { settledCompute } from '../model/network/computeRecord'
import type { Model } from '../model/denoiser/model'

/** Name of the file beside frames that were made one by one, which records how all of them were made. */
export const provenanceFile = 'provenance.json'
/** Names of the files beside it, in which shards record how far they have come. */
export const shardName = /^shard-(\d+)-of-(\d+)\.json$/

/** The part of a request that goes into the provenance. */
export type ProvenanceRequest = Omit<RouteRequest<EngineRoutes['animation.provenance']>, 'model'>

/** What decides the frames. */
export interface FrameRequest extends Pick<ProvenanceRequest, 'decode' | 'batch'> {
  readonly plan: FramePlan | SamplePlan
}

/**
 * Describes, as JSON, everything that decides the pixels of an export. It is written into the output if the
 * format has a place for it, in the engine's own files as well as in the window's videos. Pictures are
 * named by file name and hash, never by their path; the hash of each latent covers how its picture was
 * cropped and repaired.
 */
export function describeProvenance(
  model: Model,
  request: ProvenanceRequest,
  stops: readonly ResolvedLatent[],
  { sources, fromProject }: FrameOrigins,
): string {
  const { plan, target } = request
  const whole = addTarget(describeSharedFrames(model, request, stops, sources), target, countFrames(plan))
  if (fromProject === 0 || encodedLike(model, stops)) return whole
  const compute = fromProject === framesIn(request).length ? null : recordedCompute(model.compute)
  return JSON.stringify({ ...(JSON.parse(whole) as object), compute, framesFromProject: fromProject })
}

/**
 * Whether the pictures of a film were encoded on the device and runtime in use here. If so, the frames that came
 * with them in a project were computed there too, and an export of them is the same file wherever it is made. Seeds
 * and latent files do not show this.
 */
function encodedLike({ compute }: Model, stops: readonly ResolvedLatent[]): boolean {
  const ours = stableJson(recordedCompute(compute))
  const encoded = stops.filter(({ report }) => report.encode !== null)
  const isOurs = ({ report }: ResolvedLatent) =>
    report.compute !== null && stableJson(recordedCompute(report.compute)) === ours
  return encoded.length > 0 && encoded.every(isOurs)
}

/** Where the frames of an export come from. */
export interface FrameOrigins {
  /** What the stops are made from, which leads back to the project. */
  readonly sources: readonly SourceRecord[]
  /**
   * The number of frames that a project brought. Only the project's encoded pictures show which device computed
   * them.
   */
  readonly fromProject: number
}

/** Returns the frames of its plan that an export shows, each once. */
export function framesIn({ plan, target }: Pick<ProvenanceRequest, 'plan' | 'target'>): number[] {
  return [...new Set(shownFrames(countFrames(plan), target))]
}

/** Returns what an export records of the device that computes: only what its frames depend on. */
export function recordedCompute(compute: ComputeInfo): ComputeInfo {
  // An export need not start over because its batches were halved when the device ran out of memory.
  return { ...settledCompute(compute), parts: 1 }
}

/**
 * Describes, as JSON, everything except how the frames are shown: what the shards of one job share.
 *
 * @param sources  what the stops are made from, which leads back to the project
 */
export function describeSharedFrames(
  model: Model,
  request: FrameRequest,
  stops: readonly ResolvedLatent[],
  sources: readonly SourceRecord[],
): string {
  const { hub, reading } = model.info
  return JSON.stringify({
    ...frameProvenance(model, request, stops),
    ...(hub && { hub }),
    ...(reading && { reading }),
    ...describeParts(stops),
    sources,
  })
}

/**
 * Adds which frames are shown, and how, to the result of {@link describeSharedFrames}.
 *
 * @param count  number of frames in the plan
 */
export function addTarget(shared: string, target: ProvenanceRequest['target'], count: number): string {
  const { fps, scale, enlargement, repeat, quality } = target
  return JSON.stringify({
    ...(JSON.parse(shared) as object),
    target: { fps, scale, enlargement, repeat, quality, ...partShown(target, count) },
  })
}

/** The frame of a format with a single one; otherwise the range, if it leaves out a part. */
function partShown(
  target: ProvenanceRequest['target'],
  count: number,
): { frame?: number; range?: FrameRange } {
  if (exportFormat(target.format).frames === 'one') return { frame: shownFrames(count, target)[0] }
  return isPart(target.range, count) ? { range: rangeWithin(target.range, count) } : {}
}

/** For latent diffusion, the autoencoder's part of each reconstruction error, if it was measured. */
function describeParts(stops: readonly ResolvedLatent[]): { fidelityParts?: readonly unknown[] } {
  const parts = stops.map(({ report }) => report.fidelityParts)
  return parts.some((one) => one !== null) ? { fidelityParts: parts } : {}
}

/**
 * Describes, as JSON, what decides the frames at the model's size: equal texts mean equal frames, whatever
 * the frame rate, scale and display order. An interrupted export is resumed only if this is equal.
 */
export function describeFrames(
  model: Model,
  request: FrameRequest,
  stops: readonly ResolvedLatent[],
): string {
  return JSON.stringify({ ...frameProvenance(model, request, stops), ...resultVersions(model) })
}

/** Whether two texts of {@link describeFrames} differ only in the device and runtime that compute the frames. */
export function differsInCompute(before: string, now: string): boolean {
  const settingsOf = (text: string) => stableJson({ ...(JSON.parse(text) as object), compute: null })
  try {
    return before !== now && settingsOf(before) === settingsOf(now)
  } catch {
    // The earlier text is damaged.
    return false
  }
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
    stops: stops.map(({ latent, report }) => describeStop(latent, report)),
    decode,
    batch,
    compute: recordedCompute(compute),
  }
}

/** Describes a latent that frames are made from. */
export function describeStop(latent: Latent, report: StopReport): object {
  const { source, seed, encode, endTimestep, class: classIndex, prompts, mixedFrom } = report
  return {
    source,
    seed,
    encode,
    endTimestep,
    ...(classIndex !== null && { class: classIndex }),
    ...(prompts && { prompts }),
    ...(mixedFrom && { mixedFrom }),
    latentSha256: hashLatent(latent),
  }
}

type StopReport = Pick<
  LatentReport,
  'source' | 'seed' | 'encode' | 'endTimestep' | 'class' | 'prompts' | 'mixedFrom'
>

/** How the stops are mixed, without their sources, which are identified by hash. */
function withoutSources(plan: FrameRequest['plan']): object {
  if (plan.kind === 'samples') return plan
  if (plan.kind === 'path') {
    const { kind, segments, pinned } = plan
    return { kind, segments, ...(pinned && { pinned }) }
  }
  if (plan.kind === 'grid') return { kind: plan.kind, columns: plan.columns, rows: plan.rows }
  return { kind: plan.kind }
}
