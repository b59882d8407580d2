import type { DecodeSettings } from '#core/diffusion/settings'
import type { FramePlan, ModelSource } from '#shared/settings'
import { request } from '../base/api'

/** What frames are fetched of. */
export interface FrameSource {
  model: ModelSource
  plan: FramePlan
  decode: DecodeSettings
  total: number
}

/** Frames that go through the network together. */
export const framesFetched = 8

/** Answers frames of a plan as PNG bytes, fetched in batches and kept, so that a showing back and forth costs once. */
export function createFrameFetcher({ model, plan, decode, total }: FrameSource, signal: AbortSignal) {
  const frames = new Map<number, Uint8Array>()

  async function fetchBatch(first: number): Promise<void> {
    const indices = Array.from(
      { length: Math.min(framesFetched, total - first) },
      (_unused, at) => first + at,
    )
    const report = await request('animation.frames', { model, plan, indices, decode }, { signal })
    for (const [at, index] of indices.entries()) frames.set(index, report.frames[at])
  }

  return async (index: number): Promise<Uint8Array> => {
    if (!frames.has(index)) await fetchBatch(index - (index % framesFetched))
    return frames.get(index)!
  }
}
