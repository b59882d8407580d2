import { previewPicture } from './latent/previewPicture'
import { findFiles } from './project/findFiles'
import { projectOfExport } from './project/projectOfExport'
import { openProject } from './project/openProject'
import { beginSaving } from './project/beginSaving'
import { saveProject } from './project/saveProject'
import { verifyProject } from './project/verifyProject'
import { solverOf } from '#core/diffusion/solvers/registry'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import { exportAnimation, traceFrames } from './animation/exportAnimation'
import { showFrames } from './animation/showFrames'
import { findTiming } from './animation/timing'
import { checkModel, createIntakes } from './intake/intakeCache'
import { encodeAndMeasure } from './latent/encodeAndMeasure'
import { mergeBatch } from './batch/mergeBatch'
import { runBatch } from './batch/runBatch'
import { measureDistance } from './distance/measureDistance'
import { studyDiscrete } from './lab/discrete/studyDiscrete'
import { exportRepository } from './model/folders/exportRepository'
import { openStudy } from './lab/report'
import { runStudy } from './lab/runStudy'
import { holdsStudyShards, mergeStudy } from './lab/studyShards'
import { latentDifference } from './latent/latentDifference'
import { requireRecordable, requireWritableLatent, writeLatentFile } from './latent/latentFile'
import { resolveLatent, resolveMeasuredLatent, resolveStops } from './latent/resolveLatent'
import { tensorFileKind } from './latent/tensorFileKind'
import { untilAborted } from './memo/untilAborted'
import { listModels } from './model/folders/listModels'
import { describeModel, inspectModel } from './model/folders/modelInfo'
import { ModelUses } from './model/folders/modelUses'
import type { ModelSource } from '#shared/modelSource'
import type { OpenGraph } from './model/network/optimizedGraphs'
import { OpenModels } from './model/denoiser/OpenModels'
import type { Priority } from './model/network/Turns'
import { createRenderCache, type RenderCache } from './animation/renderCache'
import { createLatentCache } from './latent/latentCache'
import type { ContentCache } from '#files/ContentCache'
import { discardWork } from '#files/exportWork'
import type { CacheUsage } from '#shared/reports'
import { Job } from './job/Job'
import { knownPace, measurePace } from './job/measurePace'
import type { RequestContext } from './job/requestContext'
import type { EngineHandlers } from './serve'

/** Options of an engine. By default it stores nothing on disk and starts with an empty cache. */
export interface EngineOptions {
  readonly openGraph?: OpenGraph
  readonly cache?: RenderCache
  /** Where latents and frames outlive the engine. */
  readonly disk?: ContentCache
  /** File that records how models have performed on this machine. */
  readonly usesFile?: string
}

/** Creates the handlers of the contract's routes. */
export function createEngineHandlers({
  openGraph,
  disk,
  usesFile,
  cache = createRenderCache(createLatentCache(undefined, disk), disk),
}: EngineOptions = {}): EngineHandlers {
  const models = new OpenModels(openGraph, disk)
  const intakes = createIntakes(disk)
  const uses = new ModelUses(usesFile ?? null)
  const { latents } = cache
  const { pictures } = latents

  async function beginJob(
    source: ModelSource,
    context: RequestContext,
    priority: Priority,
    asSeen = false,
  ): Promise<Job> {
    const { projectResults, ...wanted } = source
    const opening = asSeen ? models.openAsSeen(wanted) : models.open(wanted)
    const model = await untilAborted(opening, context.signal)
    return new Job({ model, context, priority, projectResults, asSeen })
  }

  /** Begins work whose folder or report depends on what computes it, before anything is evaluated. */
  async function beginConnected(...begun: Parameters<typeof beginJob>): Promise<Job> {
    const job = await beginJob(...begun)
    await job.model.connect(job.context.signal)
    return job
  }

  return {
    'model.headers': async ({ model }) => (await inspectModel(model)).info,

    'model.info': async ({ model }) => (await describeModel(model)).info,

    async 'model.check'({ model }, context) {
      const job = await beginJob(model, context, 'encode')
      return { info: job.model.info, intake: await checkModel(intakes, job) }
    },

    async 'model.pace'({ model, measure }, context) {
      const job = await beginJob(model, context, 'interactive')
      context.computesOn(job.model.compute)
      return measure ? measurePace(job) : knownPace(job.model)
    },

    'model.list': async (places) => listModels(places, await uses.read()),

    'model.export': ({ model, ...target }) => exportRepository(model, target),

    async 'model.timesteps'({ model, settings }) {
      const { schedule } = await inspectModel(model)
      return [...chooseTimesteps(schedule, settings)]
    },

    'picture.info': ({ path }, { signal }) => models.giveWayTo(() => pictures.info(path, signal)),

    'picture.preview': (request, { signal }) =>
      models.giveWayTo(() => previewPicture(latents, signal, request)),

    async 'latent.encode'(request, context) {
      const job = await beginJob(request.model, context, 'encode')
      const report = await encodeAndMeasure(latents, job.with({ previews: request.previews }), request)
      await uses.note(job.model.info.path, report, knownPace(job.model))
      return report
    },

    async 'latent.info'({ model, latent }, context) {
      const job = await beginJob(model, context, 'encode')
      return (await resolveLatent(latents, job, latent, null)).report
    },

    'latent.fileKind': ({ path }) => tensorFileKind(path),

    async 'latent.save'({ model, latent, decode, path, overwrite }, context) {
      const isPair = latent.kind === 'picture' && solverOf(latent.encode.solver).isPair
      await requireWritableLatent(path, isPair, { overwrite })
      const job = await beginJob(model, context, 'encode')
      const resolved = await resolveMeasuredLatent(latents, job, latent, decode)
      requireRecordable(path, resolved)
      await writeLatentFile(path, resolved.latent, resolved.report, { overwrite })
      return resolved.report
    },

    'latent.difference': ({ reference, other }) => latentDifference(reference, other),

    async 'animation.frames'({ model, urgent, ...request }, context) {
      const started = performance.now()
      // A draft is needed immediately, and checking files can take as long as an evaluation.
      const asSeen = request.draft !== undefined
      const job = await beginJob(model, context, urgent ? 'urgent' : 'interactive', asSeen)
      return showFrames(cache, job, request, started)
    },

    async 'animation.expect'() {
      models.hold()
      return null
    },

    async 'animation.timing'({ model, ...request }, context) {
      return findTiming(cache, await beginJob(model, context, 'interactive'), request)
    },

    async 'animation.provenance'({ model, ...request }, context) {
      const job = await beginJob(model, context, 'encode')
      const stops = await resolveStops(request.plan, (source) =>
        resolveMeasuredLatent(latents, job, source, request.decode),
      )
      return (await traceFrames(cache, job, request, stops)).provenance
    },

    async 'animation.export'(request, context) {
      return exportAnimation(cache, await beginJob(request.model, context, 'export'), request)
    },

    async 'animation.discard'({ path }) {
      await discardWork(path)
      return null
    },

    async 'batch.run'(request, context) {
      return runBatch(cache, await beginConnected(request.model, context, 'export'), request)
    },

    async 'batch.merge'(request, context) {
      return (await holdsStudyShards(request.folder)) ? mergeStudy(request) : mergeBatch(request, context)
    },

    async 'lab.run'(request, context) {
      return runStudy(cache, await beginConnected(request.model, context, 'export'), request)
    },

    'project.read': ({ path, ...places }, { signal }) =>
      models.giveWayTo(() => openProject({ disk, pictures, signal }, path, places)),

    async 'project.write'({ model, ...request }, context) {
      const begin = (source: ModelSource) => beginJob(source, context, 'export')
      const jobs = model ? await beginSaving(model, context, { begin, seen: models.seen }) : []
      return models.giveWayTo(() => saveProject({ jobs, disk, cache }, request))
    },

    'project.ofExport': ({ path, others }, { signal }) =>
      models.giveWayTo(() => projectOfExport(path, others, { pictures, signal })),

    async 'project.verify'({ path, unpackTo, model }, context) {
      return verifyProject({ job: await beginConnected(model, context, 'encode'), pictures }, path, unpackTo)
    },

    'project.find': ({ document, ...places }, { signal }) =>
      models.giveWayTo(() => findFiles(document, pictures, signal, places)),

    'lab.open': ({ folder }) => openStudy(folder),

    'distance.measure': (request, context) => measureDistance(pictures, request, context),

    'lab.discrete': ({ model, ...study }, context) =>
      studyDiscrete(cache, study, context, () => beginConnected(model, context, 'export')),

    'cache.usage': () => usageOf(disk),

    async 'cache.change'({ clear, limitBytes }) {
      if (clear) {
        await disk?.clear()
        await models.seen.keep()
      }
      if (limitBytes !== undefined) await disk?.setLimit(limitBytes)
      return usageOf(disk)
    },
  }
}

async function usageOf(disk: ContentCache | undefined): Promise<CacheUsage> {
  return (await disk?.usage()) ?? { folder: '', bytes: 0, entries: 0, limitBytes: 0 }
}
