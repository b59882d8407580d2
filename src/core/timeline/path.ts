import type { Interpolation } from '../diffusion/slerp'
import type { Easing } from './easing'
import { spreadFrames } from './spreadFrames'

/** The stretch from one stop to the next: `frames`, at least 1, counts its first frame but not its last. */
export interface Segment {
  frames: number
  easing: Easing
  interpolation: Interpolation
}

/**
 * Stops of any kind and the segments between them: one segment fewer than stops, or as many for a closed path, whose
 * last segment leads back to the first stop.
 */
export interface Path<Stop> {
  readonly stops: readonly Stop[]
  readonly segments: readonly Segment[]
}

/** The place of a frame: `offset` frames into segment `segment`. */
export interface FramePlace {
  readonly segment: number
  readonly offset: number
}

/** A segment of 36 frames, 1.8 s at 20 frames per second, that slows down at both stops. */
export const defaultSegment: Segment = { frames: 36, easing: 'easeInOut', interpolation: 'slerp' }

/** Whether the path leads from its last stop back to its first. */
export function isClosed({ stops, segments }: Path<unknown>): boolean {
  return stops.length >= 2 && segments.length === stops.length
}

/**
 * Number of frames of the whole path; 0 with fewer than two stops. An open path ends with its last stop's own frame; a
 * closed path does not repeat its first.
 */
export function frameCount(path: Path<unknown>): number {
  if (path.stops.length < 2) return 0
  const frames = path.segments.reduce((sum, segment) => sum + segment.frames, 0)
  return isClosed(path) ? frames : frames + 1
}

/** The frame at which each stop stands. */
export function stopFrames({ stops, segments }: Path<unknown>): number[] {
  let frame = 0
  return stops.map((_stop, index) => {
    const here = frame
    frame += segments[index]?.frames ?? 0
    return here
  })
}

/** Where a frame lies. The last frame of an open path is the end of its last segment. */
export function placeOf({ segments }: Path<unknown>, frame: number): FramePlace {
  let start = 0
  for (const [segment, { frames }] of segments.entries()) {
    if (frame < start + frames) return { segment, offset: frame - start }
    start += frames
  }
  const last = segments.length - 1
  return { segment: last, offset: segments[last]?.frames ?? 0 }
}

/** Positions of the stops at both ends of a segment. */
export function endsOf({ stops }: Path<unknown>, segment: number): [from: number, to: number] {
  return [segment, (segment + 1) % stops.length]
}

/** Puts a stop before position `index`. The segment that it cuts keeps its length on both sides. */
export function insertStop<Stop>(path: Path<Stop>, index: number, stop: Stop): Path<Stop> {
  const stops = [...path.stops]
  stops.splice(index, 0, stop)
  if (stops.length < 2) return { stops, segments: [] }
  const segments = [...path.segments]
  const model = segments[Math.max(0, index - 1)] ?? defaultSegment
  segments.splice(index, 0, { ...model })
  return { stops, segments }
}

/** Removes a stop and the segment that leaves it (for the last stop: the one that arrives at it). */
export function removeStop<Stop>(path: Path<Stop>, index: number): Path<Stop> {
  const stops = path.stops.filter((_stop, at) => at !== index)
  if (stops.length < 2) return { stops, segments: [] }
  const gone = Math.min(index, path.segments.length - 1)
  return { stops, segments: path.segments.filter((_segment, at) => at !== gone) }
}

/** Moves a stop; the segments stay where they are. */
export function moveStop<Stop>(path: Path<Stop>, from: number, to: number): Path<Stop> {
  const stops = [...path.stops]
  const [moved] = stops.splice(from, 1)
  stops.splice(Math.max(0, Math.min(to, stops.length)), 0, moved)
  return { stops, segments: path.segments }
}

/** Adds or removes the segment from the last stop back to the first. */
export function setClosed<Stop>(path: Path<Stop>, closed: boolean): Path<Stop> {
  if (path.stops.length < 2 || isClosed(path) === closed) return path
  const segments = closed
    ? [...path.segments, { ...(path.segments.at(-1) ?? defaultSegment) }]
    : path.segments.slice(0, -1)
  return { stops: path.stops, segments }
}

/** Changes some properties of one segment. */
export function changeSegment<Stop>(path: Path<Stop>, index: number, changes: Partial<Segment>): Path<Stop> {
  const segments = path.segments.map((segment, at) => (at === index ? { ...segment, ...changes } : segment))
  return { stops: path.stops, segments }
}

/**
 * Stretches the path to exactly `total` frames, each segment keeping its share as closely as whole frames allow; to one
 * frame a segment where there are fewer than that.
 */
export function retime<Stop>(path: Path<Stop>, total: number): Path<Stop> {
  const count = path.segments.length
  if (count === 0) return path
  const inSegments = Math.max(count, total - (isClosed(path) ? 0 : 1))
  const lengths = spreadFrames(
    inSegments,
    path.segments.map(({ frames }) => frames),
  )
  const segments = path.segments.map((segment, index) => ({ ...segment, frames: lengths[index] }))
  return { stops: path.stops, segments }
}
