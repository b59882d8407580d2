import type { DecodeSettings } from '#core/diffusion/settings'
import type { FrameRange } from '#core/timeline/frameRange'
import type { FramePlan } from '#shared/framePlan'
import type { ModelSource } from '#shared/modelSource'
import { request } from '../base/api'

/** Where frames are fetched from. */
export interface FrameSource {
  model: ModelSource
  plan: FramePlan
  decode: DecodeSettings
  /** The frames that will be asked for. None outside it are fetched ahead. */
  range: FrameRange
}

/** Frames in the first request. Later ones follow the engine's batch size, from this up to `mostFetched`. */
const leastFetched = 8
const mostFetched = 64

/** How a fetcher is cancelled, and how it reports progress. */
export interface FetchOptions {
  signal: AbortSignal
  /** Called at every step. */
  onProgress: (frames: FetchedFrames) => void
}

/** How many frames were fetched so far, counting a fraction for those under way. */
export interface FetchedFrames {
  readonly fetched: number
  /** Those among them that had to be decoded. */
  readonly decoded: number
}

/**
 * Creates a function that returns frames of a plan as PNG bytes. Frames are fetched in batches and kept, so
 * that ping-pong playback computes each only once.
 */
export function createFrameFetcher(
  { model, plan, decode, range }: FrameSource,
  { signal, onProgress }: FetchOptions,
) {
  let together = leastFetched
  let decoded = 0
  const frames = new Map<number, Uint8Array>()

  async function fetchBatch(first: number): Promise<void> {
    const indices = Array.from({ length: range.end + 1 - first }, (_unused, at) => first + at)
      .filter((index) => !frames.has(index))
      .slice(0, together)
    const report = await request(
      'animation.frames',
      { model, plan, indices, decode },
      {
        signal,
        onProgress: ({ done }) => onProgress({ fetched: frames.size + done, decoded: decoded + done }),
      },
    )
    for (const [at, index] of indices.entries()) frames.set(index, report.frames[at])
    together = Math.min(mostFetched, Math.max(leastFetched, report.batch))
    decoded += report.decoded
    onProgress({ fetched: frames.size, decoded })
  }

  return async (index: number): Promise<Uint8Array> => {
    if (!frames.has(index)) await fetchBatch(index)
    return frames.get(index)!
  }
}
