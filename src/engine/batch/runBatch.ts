import type { Tensor } from '#core/diffusion/tensor'
import { isPart, rangeWithin } from '#core/timeline/frameRange'
import { countFrames } from '#core/timeline/timeline'
import { type BatchReport, type ItemContent, type SamplePlan, sourceOfSample } from '#shared/batch'
import type { EngineRoutes, RouteRequest } from '#shared/contract'
import { StudioError } from '#shared/errors'
import { describeSharedFrames } from '../animation/provenance'
import { recordSources } from '../animation/sourceRecords'
import type { RenderCache } from '../animation/renderCache'
import { planFrame, type DecodableFrame } from '../animation/planFrame'
import { decodePictures } from '../animation/renderFrames'
import { encodePng } from '../image/encodePicture'
import { tensorToPixels } from '../image/tensorPixels'
import type { Job } from '../job/Job'
import { reportProgress } from '../job/reportProgress'
import { resultVersions } from '../job/resultVersions'
import { drawLatent, drawNoise } from '../latent/bareLatents'
import { encodeNpy } from '../model/weights/npy'
import { resolveMeasuredLatent, resolveStops } from '../latent/resolveLatent'
import type { Model } from '../model/denoiser/model'
import { itemsOf, nameItem, openItemFolder, type ItemFolder } from './itemFolder'
import { jobRecord, type SampleNoise } from './records'

type BatchRequest = RouteRequest<EngineRoutes['batch.run']>

/** The items of a job, each planned on demand. */
interface Items {
  readonly total: number
  /** The provenance that all shards share, as JSON. */
  readonly provenance: string
  /** Only of samples. */
  readonly noise?: SampleNoise
  plan(index: number): Promise<DecodableFrame>
}

/**
 * Makes the items of one shard. Each is written atomically, so a run that was interrupted for any reason
 * resumes when the same request is made again.
 */
export async function runBatch(cache: RenderCache, job: Job, request: BatchRequest): Promise<BatchReport> {
  const started = performance.now()
  const { folder, shard, content, latents, fps, repeat, overwrite, batch = job.model.batch } = request
  const items = await openItems(cache, job, request)
  const record = jobRecord.parse({
    provenance: JSON.parse(items.provenance),
    content,
    latents,
    items: items.total,
    ...(isPart(request.range, items.total) && { range: rangeWithin(request.range, items.total) }),
    fps,
    repeat,
    ...resultVersions(job.model),
  })
  const made = itemsOf(record)
  const { compute } = job.model
  const target = await openItemFolder(folder, record, { shard, compute, overwrite })
  const own = made.filter((index) => index % shard.count === shard.index)
  const missing = own.filter((index) => !target.has(index))
  const resumedItems = own.length - missing.length
  let done = resumedItems
  const seconds = () => (performance.now() - started) / 1000
  const progress = reportProgress(job.context, 'decode', own.length, { before: done })
  try {
    for (let at = 0; at < missing.length; at += batch) {
      const group = missing.slice(at, at + batch)
      await makeItems(job, request, items, { target, group })
      for (const index of group) progress(++done, { item: nameItem(index, content) })
    }
  } finally {
    await target.record({ items: own.length, done, seconds: seconds(), compute, noise: items.noise })
  }
  return { folder, shard, total: made.length, items: own.length, resumedItems, seconds: seconds(), compute }
}

async function openItems(
  cache: RenderCache,
  job: Job,
  { plan, decode, batch }: BatchRequest,
): Promise<Items> {
  const { model } = job
  if (plan.kind === 'samples') {
    requireClasses(model, plan)
    return {
      total: plan.count,
      provenance: describeSharedFrames(model, { plan, decode, batch }, [], []),
      noise: await noiseOf(job, plan, decode),
      plan: (index) => planSample(job, plan, decode, index),
    }
  }
  const stops = await resolveStops(plan, (source) =>
    resolveMeasuredLatent(cache.latents, job, source, decode),
  )
  const sources = await recordSources(plan, cache.latents.pictures, job.context.signal)
  return {
    total: countFrames(plan),
    provenance: describeSharedFrames(model, { plan, decode, batch }, stops, sources),
    plan: async (index) => planFrame(plan, stops, index),
  }
}

function requireClasses({ info }: Model, { balanced, class: one }: SamplePlan): void {
  if (!balanced || (info.classes !== null && one === undefined)) return
  const reason =
    info.classes === null
      ? `The model ${info.id} has no classes to balance`
      : 'One class and balanced classes exclude each other'
  throw new StudioError('BAD_INPUT', `${reason}: leave --balanced out.`)
}

async function noiseOf(job: Job, plan: SamplePlan, decode: BatchRequest['decode']): Promise<SampleNoise> {
  const { classes } = job.model.info
  const { report } = await drawLatent(job, sourceOfSample(plan, 0, classes), decode)
  const { endTimestep, prompts } = report
  return { shape: [...job.model.space.stateShape], endTimestep, prompts, classes }
}

async function planSample(
  job: Job,
  plan: SamplePlan,
  decode: BatchRequest['decode'],
  index: number,
): Promise<DecodableFrame> {
  const source = sourceOfSample(plan, index, job.model.info.classes)
  const { latent, condition } = await drawNoise(job, source, decode)
  return { latent: () => latent, condition: () => condition, noiseItem: index, pins: [] }
}

async function makeItems(
  job: Job,
  { decode: settings, content, latents, batch = job.model.batch }: BatchRequest,
  items: Items,
  { target, group }: { target: ItemFolder; group: readonly number[] },
): Promise<void> {
  const planned = await Promise.all(group.map((index) => items.plan(index)))
  // The batch size is the same in every shard and every run, because another size would round differently on
  // some devices.
  const slice = job.model.denoiser.sliceOf(batch)
  const pictures = await decodePictures(job, planned, { settings, slice })
  for (const [i, index] of group.entries()) {
    const latent = latents ? encodeNpy(planned[i].latent().x) : null
    await target.write(index, await encodeItem(pictures[i], content), latent)
  }
}

async function encodeItem(picture: Tensor, content: ItemContent): Promise<Uint8Array> {
  if (content === 'png') return encodePng(tensorToPixels(picture))
  return encodeNpy({ data: picture.data, shape: picture.shape.slice(1) })
}
