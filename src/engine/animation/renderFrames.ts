import type { DecodeSettings } from '#core/diffusion/settings'
import { decode, type DecodeTrajectory } from '#core/diffusion/inversion'
import { type Latent, stackLatents } from '#core/diffusion/latent'
import type { SolverStep } from '#core/diffusion/integrate'
import { itemOf, type Tensor } from '#core/diffusion/tensor'
import { encodePng } from '../image/encodePicture'
import { tensorToPixels } from '../image/tensorPixels'
import { findReconstruction } from '../latent/roundTrip'
import { runSolver } from '../latent/runSolver'
import type { Job } from '../job/Job'
import type { ResultKey } from '../job/KeptMemo'
import type { Denoiser } from '../model/denoiser/Denoiser'
import { stackConditions } from '../model/network/condition'
import { draftFrames, firstLook } from './draftFrames'
import type { RenderCache, KeptFrame } from './renderCache'
import { pinFrame, pinnedPicture } from './pins'
import type { DecodableFrame, PlannedFrame } from './planFrame'

/** How to decode frames, and who is told about their progress. */
export interface RenderOptions {
  readonly settings: DecodeSettings
  /** Network evaluations per frame of a draft; if omitted, the frames are final. */
  readonly draftEvaluations?: number | undefined
  /** Frames decoded together; by default as many as make good use of the device. */
  readonly batch?: number
  /**
   * Called after every step with the number of frames decoded so far in the current batch, counting partial
   * work. Drafts of a job that wants previews also get one preview of the first frame.
   */
  readonly onStep?: (frames: number, shown: { readonly preview: Uint8Array | undefined }) => void
}

/** A frame as PNG bytes at the model's size. */
export interface RenderedFrame {
  /** Its index among the requested frames. */
  readonly index: number
  readonly png: Uint8Array
  /** Whether it came from the cache. */
  readonly isKept: boolean
  /** Whether a project brought it. */
  readonly isBrought: boolean
}

/** Requested frames that share a key, and so are decoded once. */
interface Waiting {
  readonly key: ResultKey
  readonly frame: PlannedFrame
  readonly indices: number[]
}

/**
 * Yields frames as they become ready: cached ones in order, the others in batches. A frame is the same to the
 * bit whatever was rendered before it or together with it, because it is always evaluated in batches of the
 * same size.
 */
export async function* renderFrames(
  cache: RenderCache,
  job: Job,
  frames: readonly PlannedFrame[],
  options: RenderOptions,
): AsyncGenerator<RenderedFrame> {
  const { batch = job.model.batch } = options
  const slice = job.model.denoiser.sliceOf(batch)
  const waiting = new Map<string, Waiting>()
  async function* decodeWaiting(): AsyncGenerator<RenderedFrame> {
    if (waiting.size > 0) yield* decodeFrames(cache, job, [...waiting.values()], { ...options, slice })
    waiting.clear()
  }
  for (const [index, frame] of frames.entries()) {
    const key = frameKey(job, frame, { ...options, slice })
    const kept = await findFrame(cache, job, frame, { ...options, slice })
    const same = waiting.get(key.name)
    if (kept) yield { index, ...kept, isKept: true }
    else if (same) same.indices.push(index)
    else waiting.set(key.name, { key, frame, indices: [index] })
    if (waiting.size === batch) yield* decodeWaiting()
  }
  yield* decodeWaiting()
}

/**
 * The cache key of a frame. It includes the batch size because that, like the device, affects the last bits.
 */
function frameKey(
  job: Job,
  frame: PlannedFrame,
  { settings, draftEvaluations, slice }: RenderOptions & { readonly slice: number },
): ResultKey {
  const { sha256, scheduleHash } = job.model.info
  const draft = draftEvaluations === undefined ? [] : [{ draftEvaluations }]
  const name = [sha256, scheduleHash, settings, frame.key, frame.noiseItem, ...draft]
  const key = job.resultKey(JSON.stringify(name))
  return { ...key, by: JSON.stringify([key.by, slice]) }
}

/** Returns how many of these frames a project brings: {@link renderFrames} then computes none of them. */
export async function countBrought(
  cache: RenderCache,
  job: Job,
  frames: Iterable<PlannedFrame>,
  { settings, batch = job.model.batch }: Pick<RenderOptions, 'settings' | 'batch'>,
): Promise<number> {
  const slice = job.model.denoiser.sliceOf(batch)
  let count = 0
  for (const frame of frames) {
    job.context.signal.throwIfAborted()
    if (frameKey(job, frame, { settings, slice }).project === null) return 0
    const kept = await findFrame(cache, job, frame, { settings, slice })
    if (kept?.isBrought) count++
  }
  return count
}

/** Returns a frame that needs no decoding; null if it has to be decoded. */
async function findFrame(
  cache: RenderCache,
  job: Job,
  frame: PlannedFrame,
  options: RenderOptions & { readonly slice: number },
): Promise<KeptFrame | null> {
  const key = frameKey(job, frame, options)
  if (options.draftEvaluations === undefined) {
    const kept = await cache.frames.get(key, job.model.info.picture)
    return kept ?? reconstructed(cache, job, frame, options)
  }
  const png = cache.frames.inMemory(key)
  return png ? { png, isBrought: false } : reconstructed(cache, job, frame, options)
}

/**
 * The frame at a picture's own stop, which needs no decoding: the pinned picture, or else the reconstruction
 * that was made when the picture was measured, if frames are evaluated one at a time as it was. In slices of
 * another size a frame would round differently, and depend on whether its picture was measured before.
 */
async function reconstructed(
  cache: RenderCache,
  job: Job,
  { key, noiseItem, pins }: PlannedFrame,
  { settings, draftEvaluations, slice }: RenderOptions & { readonly slice: number },
): Promise<KeptFrame | null> {
  const shown = pinnedPicture(pins)
  if (shown) return { png: await encodePng(tensorToPixels(shown)), isBrought: false }
  if (noiseItem !== 0 || draftEvaluations !== undefined) return null
  if (slice !== job.model.denoiser.sliceOf(1)) return null
  const found = findReconstruction(cache.latents, job, key, settings)
  if (!found) return null
  return { png: await encodePng(tensorToPixels(found.reconstruction)), isBrought: found.isBrought }
}

async function* decodeFrames(
  cache: RenderCache,
  job: Job,
  waiting: readonly Waiting[],
  options: RenderOptions & { readonly slice: number },
): AsyncGenerator<RenderedFrame> {
  const frames = waiting.map(({ frame }) => frame)
  const { settings, draftEvaluations, slice, onStep } = options
  const isDraft = draftEvaluations !== undefined
  const begin = isDraft ? draftFrames(cache.means, job, frames, draftEvaluations) : undefined
  const look = isDraft && job.previews ? firstLook(job) : null
  const pictures = await decodePictures(job, frames, {
    settings,
    slice,
    begin,
    async onStep(step) {
      const preview = (await look?.(step)) ?? undefined
      onStep?.((frames.length * step.done) / step.total, { preview })
    },
  })
  for (const [i, { key, indices }] of waiting.entries()) {
    const png = await encodePng(tensorToPixels(pictures[i]))
    // A draft is needed only now and only briefly, so it is not written to disk.
    if (isDraft) cache.frames.keepInMemory(key, png)
    else await cache.frames.set(key, png)
    for (const index of indices) yield { index, png, isKept: false, isBrought: false }
  }
}

/**
 * Decodes frames in one batch, padded until it is evaluated in slices of `slice`, and applies their pins.
 * Each picture is [1, C, H, W], nominally on [-1, 1].
 *
 * @param begin  adapts the trajectory before decoding starts
 */
export async function decodePictures(
  job: Job,
  frames: readonly DecodableFrame[],
  {
    settings,
    slice,
    begin = async (_latents, trajectory) => trajectory,
    onStep = () => undefined,
  }: {
    readonly settings: DecodeSettings
    readonly slice: number
    readonly begin?: (latents: Latent, trajectory: DecodeTrajectory) => Promise<DecodeTrajectory>
    readonly onStep?: (step: SolverStep) => void | Promise<void>
  },
): Promise<Tensor[]> {
  const filled = filledUp(frames, slice, job.model.denoiser)
  const condition = stackConditions(filled.map((frame) => frame.condition()))
  const noiseItems = filled.map(({ noiseItem }) => noiseItem)
  const latents = stackLatents(filled.map((frame) => frame.latent()))
  const trajectory = { ...job.trajectory(condition, settings.guidance), settings, noiseItems }
  const { result: x0 } = await runSolver(decode(latents, await begin(latents, trajectory)), onStep)
  const pictures = await job.decodeStates(x0)
  return frames.map(({ pins }, i) => pinFrame(itemOf(pictures, i), pins))
}

/**
 * Repeats the last frame until the batch is evaluated in whole slices of `slice`, because another size would
 * round differently. A device that takes a batch in parts would cut a smaller one into smaller slices.
 */
function filledUp(
  frames: readonly DecodableFrame[],
  slice: number,
  denoiser: Pick<Denoiser, 'sliceOf'>,
): DecodableFrame[] {
  let size = Math.ceil(frames.length / slice) * slice
  while (denoiser.sliceOf(size) < slice) size += slice
  return [...frames, ...Array.from({ length: size - frames.length }, () => frames.at(-1)!)]
}
