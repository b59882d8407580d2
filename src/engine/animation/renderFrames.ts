import type { DecodeSettings } from '#core/diffusion/settings'
import type { FramePlan } from '#shared/settings'
import { decode } from '#core/diffusion/inversion'
import { stackLatents, type Latent } from '#core/diffusion/latent'
import { itemOf } from '#core/diffusion/tensor'
import { gridPosition, latentOfFrame, pathPosition } from '#core/timeline/timeline'
import { encodePng } from '../image/encodePicture'
import { tensorToPixels } from '../image/tensorPixels'
import type { ResolvedLatent } from '../latent/ResolvedLatent'
import { runSolver } from '../latent/runSolver'
import type { Job } from '../job/Job'
import { type Condition, stackConditions } from '../model/network/condition'
import { conditionOfFrame } from './conditionOfFrame'
import type { FrameCache } from './frameCache'

/** A frame still to be decoded. */
export interface PlannedFrame {
  /** Equal keys mean equal latents. */
  readonly key: string
  readonly latent: Latent
  /** What it is decoded on. */
  readonly condition: Condition
  /** Whose noise it is decoded with: pictures of a list have their own, the frames of a film share one path. */
  readonly noiseItem: number
}

/** Frame `index` of a plan whose stops are resolved, in the order of the plan. */
export function planFrame(plan: FramePlan, stops: readonly ResolvedLatent[], index: number): PlannedFrame {
  const latents = stops.map(({ latent }) => latent)
  return {
    key: frameKey(plan, stops, index),
    latent: latentOfFrame(plan, latents, index),
    condition: conditionOfFrame(
      plan,
      stops.map(({ condition }) => condition),
      index,
    ),
    noiseItem: plan.kind === 'list' ? index : 0,
  }
}

function frameKey(plan: FramePlan, stops: readonly ResolvedLatent[], index: number): string {
  if (plan.kind === 'list') return stops[index].key
  if (plan.kind === 'grid') {
    return JSON.stringify([stops.map(({ key }) => key), gridPosition(plan, index)])
  }
  const { from, to, fraction, interpolation, stops: mixed, durations } = pathPosition(plan, index)
  if (Number.isInteger(fraction)) return stops[fraction === 0 ? from : to].key
  const keys = mixed.map((stop) => stops[stop].key)
  return JSON.stringify([keys, mixed.indexOf(from), durations, fraction, interpolation])
}

/**
 * Decodes frames in one batch, unless all of them are cached; answers PNG bytes at the model's size, in their order.
 * The batch size is part of the cache's key: matrix products round differently at different sizes, and a frame must
 * not depend on what was looked at before.
 */
export async function renderFrames(
  cache: FrameCache,
  job: Job,
  frames: readonly PlannedFrame[],
  settings: DecodeSettings,
): Promise<Uint8Array[]> {
  const noiseItems = frames.map(({ noiseItem }) => noiseItem)
  const keys = frames.map(({ key, noiseItem }) =>
    JSON.stringify([job.model.key, settings, frames.length, key, noiseItem]),
  )
  const cached = await Promise.all(keys.map((key) => cache.frames.get(key)))
  if (cached.every((png) => png !== null)) return cached

  const latents = stackLatents(frames.map(({ latent }) => latent))
  const condition = stackConditions(frames.map((frame) => frame.condition))
  const { result: x0 } = await runSolver(
    decode(latents, { ...job.trajectory(condition), settings, noiseItems }),
    () => undefined,
  )
  const pictures = await job.decodeStates(x0)
  const pngs = await Promise.all(frames.map((_, i) => encodePng(tensorToPixels(itemOf(pictures, i)))))
  await Promise.all(keys.map((key, i) => cache.frames.set(key, pngs[i])))
  return pngs
}
