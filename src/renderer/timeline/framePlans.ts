import { interpolationOf } from '#core/timeline/interpolations/registry'
import { endsOf, frameCount, neighboursOf, placeOf } from '#core/timeline/path'
import type { FramePlan } from '#shared/framePlan'
import type { LatentSource } from '#shared/latentSource'
import { shortNameOf } from '../base/shortNames'
import { stableJson } from '../base/stableJson'
import type { TimelinePath } from './stops'

/** A path as the engine is asked for it. */
type PathPlan = Extract<FramePlan, { kind: 'path' }>

/** Turns the timeline into what the engine is asked for, given the latent of each stop. */
export interface PlanSource {
  path: TimelinePath
  /** One a stop, in order; null where there is none, and no frame on either side of it. */
  latents: readonly (LatentSource | null)[]
  /** Whether stops show the pictures themselves. */
  pinned?: boolean
}

/** A frame as the engine is asked for it: a plan of the segments that decide it, and the frame's index in it. */
export interface FrameRequest {
  plan: PathPlan
  index: number
}

/** The whole timeline as one plan; null while a stop has no latent. */
export function wholePlan({ path, latents, pinned = false }: PlanSource): PathPlan | null {
  const stops = latents.filter((latent) => latent !== null)
  if (stops.length < path.stops.length || stops.length < 2) return null
  const segments = path.segments.map((segment) => ({ ...segment }))
  return { kind: 'path', stops, segments, ...(pinned && { pinned }) }
}

/**
 * The plan of the one segment a frame lies in, with those next to it where its path looks around: it can be answered
 * before the other segments are ready. Only for a segment whose latents are there.
 */
export function segmentRequest({ path, latents, pinned = false }: PlanSource, frame: number): FrameRequest {
  const { segment, offset } = placeOf(path, frame)
  const { stops, segments, from } = partOf(path, segment)
  const before = segments.slice(0, from).reduce((frames, at) => frames + path.segments[at].frames, 0)
  const plan: PathPlan = {
    kind: 'path',
    stops: stops.map((stop) => latents[stop]!),
    segments: segments.map((at) => ({ ...path.segments[at] })),
    ...(pinned && { pinned }),
  }
  return { plan, index: before + offset }
}

/** Stops that decide the frames of a segment: those at its ends, and next to them where its path looks around. */
export function stopsOf(path: TimelinePath, segment: number): readonly number[] {
  return partOf(path, segment).stops
}

/** The part of a path that decides a segment; `from` is the position of its first stop. */
function partOf(path: TimelinePath, segment: number) {
  if (!interpolationOf(path.segments[segment].interpolation).looksAround) {
    return { stops: endsOf(path, segment), segments: [segment], from: 0 }
  }
  const { stops, segments } = neighboursOf(path, segment)
  return { stops, segments, from: segments.indexOf(segment) }
}

/**
 * One name a frame, for what its latent is made of and nothing else: an edit of one segment leaves the names of all
 * other frames as they are, and a picture at a stop has one name however one gets there.
 *
 * @param context  what all frames depend on besides: the model
 */
export function frameNames({ path, latents, pinned = false }: PlanSource, context: string): string[] {
  const ends = pinned ? `${context}|pinned` : context
  const names = latents.map((latent) => shortNameOf(`${ends}|${stableJson(latent)}`))
  return Array.from({ length: frameCount(path) }, (_unused, frame) => {
    const { segment, offset } = placeOf(path, frame)
    const [from, to] = endsOf(path, segment)
    const { frames, easing, fractions } = path.segments[segment]
    const isHeld = easing === 'hold' && !fractions && offset < frames
    if (offset === 0 || isHeld) return names[from]
    return offset === frames ? names[to] : nameWithin(path, segment, offset, names)
  })
}

function nameWithin(path: TimelinePath, segment: number, offset: number, names: readonly string[]): string {
  const { frames, easing, interpolation, fractions } = path.segments[segment]
  const shared = greatestCommonDivisor(offset, frames)
  const place = fractions ? fractions[offset - 1] : `${easing}|${offset / shared}/${frames / shared}`
  const part = partOf(path, segment)
  const lengths = part.segments.length === 1 ? '' : part.segments.map((at) => path.segments[at].frames).join()
  const ends = part.stops.map((stop) => names[stop]).join('>')
  return `${ends}|${part.from}|${lengths}|${place}|${interpolation}`
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
