import { endsOf, frameCount, isHeld, partAround, placeOf } from '#core/timeline/path'
import type { PathFramePlan } from '#shared/framePlan'
import type { LatentSource } from '#shared/latentSource'
import { shortNameOf } from '../base/shortNames'
import { stableJson } from '#shared/stableJson'
import type { TimelinePath } from './stops'

/** What a plan for the engine is made from: the timeline and the latent of each stop. */
export interface PlanSource {
  path: TimelinePath
  /** One for each stop, in order; null if the stop has none, so that no frame next to it can be computed. */
  latents: readonly (LatentSource | null)[]
  /** Whether stops show the pictures themselves. */
  pinned?: boolean
}

/** A request for one frame: a plan of the segments that determine it, and the frame's index in that plan. */
export interface FrameRequest {
  plan: PathFramePlan
  index: number
}

/** Returns the whole timeline as one plan; null while a stop has no latent. */
export function wholePlan({ path, latents, pinned = false }: PlanSource): PathFramePlan | null {
  const stops = latents.filter((latent) => latent !== null)
  if (stops.length < path.stops.length || stops.length < 2) return null
  const segments = path.segments.map((segment) => ({ ...segment }))
  return { kind: 'path', stops, segments, ...(pinned && { pinned }) }
}

/**
 * Returns the plan of the one segment that contains a frame, so that the frame can be computed before other
 * segments are ready. Neighbouring segments are included if the path depends on them. The latents of these
 * stops must be available.
 */
export function segmentRequest({ path, latents, pinned = false }: PlanSource, frame: number): FrameRequest {
  const { segment, offset } = placeOf(path, frame)
  const { stops, segments, from } = partAround(path, segment)
  const before = segments.slice(0, from).reduce((frames, at) => frames + path.segments[at].frames, 0)
  const plan: PathFramePlan = {
    kind: 'path',
    stops: stops.map((stop) => latents[stop]!),
    segments: segments.map((at) => ({ ...path.segments[at] })),
    ...(pinned && { pinned }),
  }
  return { plan, index: before + offset }
}

/**
 * Returns the stops that determine a segment's frames: its ends, and their neighbours if its path uses them.
 */
export function stopsOf(path: TimelinePath, segment: number): readonly number[] {
  return partAround(path, segment).stops
}

/**
 * Names each frame by exactly what its latent is made from. Editing one segment therefore leaves the names of
 * all other frames unchanged, and a picture at a stop has the same name whichever segment leads to it.
 *
 * @param context  what all frames also depend on: the model
 */
export function frameNames({ path, latents, pinned = false }: PlanSource, context: string): string[] {
  const ends = pinned ? `${context}|pinned` : context
  const names = latents.map((latent) => shortNameOf(`${ends}|${stableJson(latent)}`))
  return Array.from({ length: frameCount(path) }, (_unused, frame) => {
    const { segment, offset } = placeOf(path, frame)
    const [from, to] = endsOf(path, segment)
    const there = path.segments[segment]
    if (offset === there.frames) return names[to]
    return offset === 0 || isHeld(there) ? names[from] : nameWithin(path, segment, offset, names)
  })
}

function nameWithin(path: TimelinePath, segment: number, offset: number, names: readonly string[]): string {
  const { frames, easing, interpolation, fractions } = path.segments[segment]
  const shared = greatestCommonDivisor(offset, frames)
  const place = fractions ? fractions[offset - 1] : `${easing}|${offset / shared}/${frames / shared}`
  const part = partAround(path, segment)
  const lengths = part.segments.length === 1 ? '' : part.segments.map((at) => path.segments[at].frames).join()
  const ends = part.stops.map((stop) => names[stop]).join('>')
  return `${ends}|${part.from}|${lengths}|${place}|${interpolation}`
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
