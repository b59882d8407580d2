import { spreadFrames } from '#core/timeline/spreadFrames'
import type { Segment } from '#shared/settings'

/** One picture on the timeline. The same picture may stand there more than once. */
export interface Stop {
  readonly id: string
  readonly pictureId: string
}

/** Stops and the stretches between them; one segment more than gaps leads from the last stop back to the first. */
export interface TimelinePath {
  readonly stops: readonly Stop[]
  readonly segments: readonly Segment[]
}

/** A frame's place: `offset` frames into segment `segment`. */
export interface FramePlace {
  segment: number
  offset: number
}

/** A stretch of 36 frames, 1.8 s at 20 frames a second, slowing down at both pictures. */
export const defaultSegment: Segment = { frames: 36, easing: 'easeInOut', interpolation: 'slerp' }

/** Whether the path leads from its last stop back to its first. */
export function isClosed({ stops, segments }: TimelinePath): boolean {
  return stops.length >= 2 && segments.length === stops.length
}

/** Frames of the whole path; 0 with fewer than two stops. A closed path does not repeat its first frame. */
export function frameCount(path: TimelinePath): number {
  if (path.stops.length < 2) return 0
  const frames = path.segments.reduce((sum, segment) => sum + segment.frames, 0)
  return isClosed(path) ? frames : frames + 1
}

/** Frame at which each stop stands. */
export function stopFrames({ stops, segments }: TimelinePath): number[] {
  let frame = 0
  return stops.map((_stop, index) => {
    const here = frame
    frame += segments[index]?.frames ?? 0
    return here
  })
}

/** Where a frame lies. The last frame of an open path is the end of its last segment. */
export function placeOf({ segments }: TimelinePath, frame: number): FramePlace {
  let start = 0
  for (const [segment, { frames }] of segments.entries()) {
    if (frame < start + frames) return { segment, offset: frame - start }
    start += frames
  }
  const last = segments.length - 1
  return { segment: last, offset: segments[last]?.frames ?? 0 }
}

/** Puts a stop before position `index`. The segment that it cuts keeps its length on both sides. */
export function insertStop(path: TimelinePath, index: number, stop: Stop): TimelinePath {
  const stops = [...path.stops]
  stops.splice(index, 0, stop)
  if (stops.length < 2) return { stops, segments: [] }
  const segments = [...path.segments]
  const model = segments[Math.max(0, index - 1)] ?? defaultSegment
  segments.splice(index, 0, { ...model })
  return { stops, segments }
}

/** Takes a stop away together with the segment that leaves it (the last one: that arrives at it). */
export function removeStop(path: TimelinePath, index: number): TimelinePath {
  const stops = path.stops.filter((_stop, at) => at !== index)
  if (stops.length < 2) return { stops, segments: [] }
  const gone = Math.min(index, path.segments.length - 1)
  return { stops, segments: path.segments.filter((_segment, at) => at !== gone) }
}

/** Moves a stop; the segments stay where they are. */
export function moveStop(path: TimelinePath, from: number, to: number): TimelinePath {
  const stops = [...path.stops]
  const [moved] = stops.splice(from, 1)
  stops.splice(Math.max(0, Math.min(to, stops.length)), 0, moved)
  return { stops, segments: path.segments }
}

/** Adds or takes away the segment from the last stop back to the first. */
export function setClosed(path: TimelinePath, closed: boolean): TimelinePath {
  if (path.stops.length < 2 || isClosed(path) === closed) return path
  const segments = closed
    ? [...path.segments, { ...(path.segments.at(-1) ?? defaultSegment) }]
    : path.segments.slice(0, -1)
  return { stops: path.stops, segments }
}

/** Changes some properties of one segment. */
export function changeSegment(path: TimelinePath, index: number, change: Partial<Segment>): TimelinePath {
  const segments = path.segments.map((segment, at) => (at === index ? { ...segment, ...change } : segment))
  return { stops: path.stops, segments }
}

/**
 * Stretches every segment so that the whole path has `total` frames, each segment keeping its share; never fewer than
 * one frame a segment.
 */
export function retime(path: TimelinePath, total: number): TimelinePath {
  const ends = isClosed(path) ? 0 : 1
  if (path.segments.length === 0) return path
  const lengths = spreadFrames(
    Math.max(path.segments.length, total - ends),
    path.segments.map(({ frames }) => frames),
  )
  const segments = path.segments.map((segment, i) => ({ ...segment, frames: lengths[i] }))
  return { stops: path.stops, segments }
}
