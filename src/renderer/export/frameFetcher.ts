import type { DecodeSettings } from '#core/diffusion/settings'
import type { FramePlan } from '#shared/framePlan'
import type { ModelSource } from '#shared/modelSource'
import { pictureNames } from '#shared/pictureNames'
import type { FramesReport } from '#shared/reports'
import { request } from '../base/api'

/** Where frames are fetched from. */
export interface FrameSource {
  model: ModelSource
  plan: FramePlan
  decode: DecodeSettings
  /** The frames that will be asked for, in that order. */
  order: readonly number[]
}

/** Frames in the first request. Later ones follow the engine's batch size, from this up to `mostFetched`. */
const leastFetched = 8
const mostFetched = 64

/** How a fetcher is cancelled, and how it reports progress. */
export interface FetchOptions {
  signal: AbortSignal
  /** Called at every step. */
  onProgress: (pictures: FetchedPictures) => void
  /** Called with each report of the engine, before its frames are used. May throw to end the fetching. */
  onReport: (report: FramesReport) => void
}

/** How many pictures were fetched so far, counting a fraction for those under way and equal frames once. */
export interface FetchedPictures {
  readonly fetched: number
  /** Those among them that had to be decoded. */
  readonly decoded: number
}

/**
 * Creates a function that returns the frame at a position of the order as PNG bytes. Positions must be
 * requested in order. Frames are fetched in batches, and only the last batch is held, so that memory does not
 * grow with the film; frames that appear again, on the way back of a ping-pong, come from the engine’s cache.
 */
export function createFrameFetcher(
  { model, plan, decode, order }: FrameSource,
  { signal, onProgress, onReport }: FetchOptions,
) {
  const nameOf = pictureNames(plan)
  const fetched = new Set<string>()
  let together = leastFetched
  let decoded = 0
  let frames = new Map<number, Uint8Array>()

  async function fetchBatch(position: number): Promise<void> {
    const indices = nextFrames(order, position, together)
    const report = await request(
      'animation.frames',
      { model, plan, indices, decode },
      {
        signal,
        onProgress: ({ done }) => onProgress({ fetched: fetched.size + done, decoded: decoded + done }),
      },
    )
    onReport(report)
    frames = new Map(indices.map((index, at) => [index, report.frames[at]]))
    for (const index of indices) fetched.add(nameOf(index))
    together = Math.min(mostFetched, Math.max(leastFetched, report.batch))
    decoded += report.decoded
    onProgress({ fetched: fetched.size, decoded })
  }

  return async (position: number): Promise<Uint8Array> => {
    if (!frames.has(order[position])) await fetchBatch(position)
    return frames.get(order[position])!
  }
}

/** Returns the frames that come first in an order from a position on, each once, `most` at the most. */
function nextFrames(order: readonly number[], position: number, most: number): number[] {
  const next = new Set<number>()
  for (let at = position; at < order.length && next.size < most; at++) next.add(order[at])
  return [...next]
}
