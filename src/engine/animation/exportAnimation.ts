import { cleanTimestep } from '#core/diffusion/noiseSchedule'
import type { RouteRequest, EngineRoutes } from '#shared/contract'
import { shownFrames } from '#shared/exportFormats'
import type { ExportReport } from '#shared/reports'
import type { ExportTarget } from '#shared/exportTarget'
import type { FramePlan } from '#shared/framePlan'
import { countFrames } from '#core/timeline/timeline'
import { decodePng } from '../image/decodePng'
import { enlarge } from '#core/picture/enlarge'
import { resolveMeasuredLatent, resolveStops } from '../latent/resolveLatent'
import type { ResolvedLatent } from '../latent/ResolvedLatent'
import type { Model } from '../model/denoiser/model'
import { combineProgress } from '../job/combineProgress'
import type { Job } from '../job/Job'
import { reportProgress } from '../job/reportProgress'
import { claimTarget, type TargetClaim } from './claimTarget'
import { costOfExport } from './costOfExport'
import { checkFrameSink, openFrameSink } from './exporters/openFrameSink'
import type { RenderCache } from './renderCache'
import {
  describeFrames,
  describeProvenance,
  differsInCompute,
  framesIn,
  type ProvenanceRequest,
} from './provenance'
import { planFrame, type PlannedFrame } from './planFrame'
import { countBrought, renderFrames } from './renderFrames'
import { requireSourcesKept } from './requireSourcesKept'
import { recordSources } from './sourceRecords'
import { openWorkFolder, type WorkFolder } from './workFolder'

type ExportRequest = RouteRequest<EngineRoutes['animation.export']>

/** What the stages of an export share. */
interface Export {
  readonly request: ExportRequest
  readonly stops: readonly ResolvedLatent[]
  readonly work: WorkFolder
  readonly claim: TargetClaim
  readonly provenance: string
}

/**
 * Decodes every frame of a plan into files. Each finished frame is kept in a folder next to the target
 * until all are done, so an export that was interrupted for any reason resumes when the same frames are
 * requested again.
 */
export async function exportAnimation(
  cache: RenderCache,
  job: Job,
  request: ExportRequest,
): Promise<ExportReport> {
  const { model, plan, decode, target } = request
  await requireSourcesKept(target.path, plan)
  const claim = await claimTarget(target.path, JSON.stringify([model.path, plan, decode, target]))
  const overwrite = target.overwrite || claim.isOwnResult
  const claimed = { ...request, target: { ...target, overwrite } }
  try {
    return await exportFrames(cache, job, claimed, claim)
  } finally {
    await claim.release()
  }
}

async function exportFrames(
  cache: RenderCache,
  job: Job,
  request: ExportRequest,
  claim: TargetClaim,
): Promise<ExportReport> {
  const started = performance.now()
  const { plan, target } = request
  const { model, context } = job
  const { length: count } = shownFrames(countFrames(plan), target)
  await checkFrameSink(target, { ...outputSize(model, target), count })
  const parts = combineProgress(context, costOfExport(request, cleanTimestep(model.schedule))).map((part) =>
    job.with({ context: part }),
  )
  const stops = await resolveStops(plan, (source, index) =>
    resolveMeasuredLatent(cache.latents, parts[index], source, request.decode),
  )
  const { provenance, fromProject } = await traceFrames(cache, job, request, stops)
  const described = describeFrames(model, request, stops)
  const work = await openWorkFolder(target.path, described, model.info.picture, async (before) => {
    // An unavailable server is only presumed to compute other values: connecting to it shows whether it does.
    if (differsInCompute(before, described)) await model.connect(context.signal)
  })
  const whole = { request, stops, work, claim, provenance }
  try {
    await claim.takeOver()
    const resumedFrames = await renderMissing(cache, parts.at(-2)!, whole)
    const { bytes, frames } = await assemble(parts.at(-1)!, whole)
    await work.discard()
    return {
      path: target.path,
      format: target.format,
      frames,
      ...outputSize(model, target),
      bytes,
      seconds: (performance.now() - started) / 1000,
      resumedFrames,
      framesFromProject: fromProject,
      stops: stops.map(({ report }) => report),
      compute: fromProject === framesIn(request).length ? null : model.compute,
    }
  } catch (error) {
    const isUnwanted = context.signal.aborted && !target.keepUnfinished
    if (isUnwanted || work.isEmpty) await work.discard()
    throw error
  }
}

/** Describes how the frames of an export are made, and counts those that a project brought. */
export async function traceFrames(
  cache: RenderCache,
  job: Job,
  request: ProvenanceRequest,
  stops: readonly ResolvedLatent[],
): Promise<{ provenance: string; fromProject: number }> {
  const { plan, decode: settings, batch } = request
  const sources = await recordSources(plan, cache.latents.pictures, job.context.signal)
  const planned = framesIn(request).map((frame) => planFrame(plan, stops, frame))
  const fromProject = await countBrought(cache, job, planned, { settings, batch })
  return { provenance: describeProvenance(job.model, request, stops, { sources, fromProject }), fromProject }
}

/**
 * Decodes the shown frames that the work folder lacks, and reports progress in pictures: frames that are equal are
 * decoded once.
 *
 * @returns the number of frames that an interrupted run had left there
 */
async function renderMissing(
  cache: RenderCache,
  job: Job,
  { request, stops, work }: Export,
): Promise<number> {
  const { plan, decode, target, batch } = request
  const { signal } = job.context
  const pictures = groupEqual(plan, stops, shownFrames(countFrames(plan), target))
  const progress = reportProgress(job.context, 'decode', pictures.length)
  const missing: ShownPicture[] = []
  let resumedFrames = 0
  for (const { planned, frames } of pictures) {
    const lacking = await framesLacking(work, frames, signal)
    resumedFrames += frames.length - lacking.length
    if (lacking.length > 0) missing.push({ planned, frames: lacking })
    else progress.found(1)
  }
  let done = pictures.length - missing.length
  const rendered = renderFrames(
    cache,
    job,
    missing.map(({ planned }) => planned),
    { settings: decode, batch, onStep: (now) => progress(done + now) },
  )
  for await (const { index, png, isKept } of rendered) {
    for (const frame of missing[index].frames) {
      await work.write(frame, png)
      signal.throwIfAborted()
    }
    done++
    if (isKept) progress.found(1)
  }
  return resumedFrames
}

/** A picture, and the frames of a film that show it. */
interface ShownPicture {
  readonly planned: PlannedFrame
  readonly frames: number[]
}

/** Returns the pictures that these frames show, each once, in the order of their first frames. */
function groupEqual(
  plan: FramePlan,
  stops: readonly ResolvedLatent[],
  shown: readonly number[],
): ShownPicture[] {
  const pictures = new Map<string, ShownPicture>()
  for (const frame of new Set(shown)) {
    const planned = planFrame(plan, stops, frame)
    const name = `${planned.noiseItem} ${planned.key}`
    const known = pictures.get(name)
    if (known) known.frames.push(frame)
    else pictures.set(name, { planned, frames: [frame] })
  }
  return [...pictures.values()]
}

/** Returns those of these frames that the work folder lacks. */
async function framesLacking(
  work: WorkFolder,
  frames: readonly number[],
  signal: AbortSignal,
): Promise<number[]> {
  const lacking: number[] = []
  for (const frame of frames) {
    signal.throwIfAborted()
    if (!(await work.has(frame))) lacking.push(frame)
  }
  return lacking
}

/** Writes the finished frames into the target, in display order. */
async function assemble(
  { model, context }: Job,
  { request, work, claim, provenance }: Export,
): Promise<{ bytes: number; frames: number }> {
  const { plan, target } = request
  const shown = shownFrames(countFrames(plan), target)
  const progress = reportProgress(context, 'write', shown.length)
  const frame = { ...outputSize(model, target), count: shown.length, columns: columnsOf(plan) }
  const sink = await openFrameSink(target, frame, provenance)
  try {
    for (const [i, index] of shown.entries()) {
      context.signal.throwIfAborted()
      await sink.add(enlarge(await decodePng(await work.read(index)), target.scale, target.enlargement))
      progress(i + 1)
    }
    await claim.notePublishing(sink.temporaryPath)
    const { bytes } = await sink.finish()
    return { bytes, frames: shown.length }
  } catch (error) {
    await sink.abort()
    throw error
  }
}

function columnsOf(plan: FramePlan): number | undefined {
  return plan.kind === 'grid' ? plan.columns : undefined
}

function outputSize({ info }: Model, { scale }: ExportTarget): { width: number; height: number } {
  return { width: info.picture.width * scale, height: info.picture.height * scale }
}
