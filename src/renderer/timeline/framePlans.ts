import type { Segment } from '#core/timeline/path'
import type { FramePlan, LatentSource } from '#shared/settings'
import { stableJson } from '../base/stableJson'
import type { TimelinePath } from './stops'
import { endsOf, frameCount, placeOf } from '#core/timeline/path'

/** Turns the timeline into what the engine is asked for, given the latent of each stop. */
export interface PlanSource {
  path: TimelinePath
  /** One a stop, in order. */
  latents: readonly LatentSource[]
}

/** A frame as the engine is asked for it: a plan of one segment, and the frame's index in it. */
export interface FrameRequest {
  plan: FramePlan
  index: number
}

/** The whole timeline as one plan. */
export function wholePlan({ path, latents }: PlanSource): FramePlan {
  return { kind: 'path', stops: [...latents], segments: path.segments.map((segment) => ({ ...segment })) }
}

/** The plan of the one segment a frame lies in: it can be answered before the other segments are ready. */
export function segmentRequest({ path, latents }: PlanSource, frame: number): FrameRequest {
  const { segment, offset } = placeOf(path, frame)
  const [from, to] = endsOf(path, segment)
  const plan: FramePlan = {
    kind: 'path',
    stops: [latents[from], latents[to]],
    segments: [{ ...path.segments[segment] }],
  }
  return { plan, index: offset }
}

/**
 * One name a frame, for what its latent is made of and nothing else: an edit of one segment leaves the names of all
 * other frames as they are, and a picture at a stop has one name however one gets there.
 *
 * @param context  what all frames depend on besides: the model
 */
export function frameNames({ path, latents }: PlanSource, context: string): string[] {
  const names = latents.map((latent) => `${context}|${stableJson(latent)}`)
  return Array.from({ length: frameCount(path) }, (_unused, frame) => {
    const { segment, offset } = placeOf(path, frame)
    const [from, to] = endsOf(path, segment)
    return nameOf(names[from], names[to], path.segments[segment], offset)
  })
}

function nameOf(
  from: string,
  to: string,
  { frames, easing, interpolation }: Segment,
  offset: number,
): string {
  if (offset === 0) return from
  if (offset === frames) return to
  const shared = greatestCommonDivisor(offset, frames)
  return `${from}>${to}|${offset / shared}/${frames / shared}|${easing}|${interpolation}`
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
