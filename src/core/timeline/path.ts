import type { Easing } from './easing'
import { interpolationOf, type Interpolation } from './interpolations/registry'

/** The stretch from one stop to the next. `frames`, at least 1, counts its first frame but not its last. */
export interface Segment {
  frames: number
  easing: Easing
  interpolation: Interpolation
  /**
   * The position of each frame but the first, as a fraction of the segment: ascending, between 0 and 1, one
   * fewer than frames. Even timing measures them; they replace the easing.
   */
  fractions?: readonly number[] | undefined
  /**
   * What the fractions were measured on, as `measurementBases` names it; empty if an edit has made them from
   * measured ones.
   */
  measuredOn?: string | undefined
}

/**
 * Stops of any kind and the segments between them: one fewer than stops, or as many for a closed path, whose
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

/**
 * Returns whether the measured places of a segment's frames, if any, are valid: one for each frame but the
 * first, ascending, and strictly between the ends.
 */
export function hasSoundPlaces({ frames, fractions }: Pick<Segment, 'frames' | 'fractions'>): boolean {
  if (!fractions) return true
  const ascending = fractions.every((place, i) => place > (fractions[i - 1] ?? 0) && place < 1)
  return ascending && fractions.length === frames - 1
}

/** Returns whether a segment stays at its first stop until its end. One with measured places moves along them. */
export function isHeld({ easing, fractions }: Pick<Segment, 'easing' | 'fractions'>): boolean {
  return easing === 'hold' && !fractions
}

/** Returns a segment without measured places of its frames, which thus follow its easing. */
export function withoutPlaces<One extends Segment>(segment: One): One {
  const { fractions: _places, measuredOn: _basis, ...eased } = segment
  return eased as One
}

/** Returns whether the path leads from its last stop back to its first. */
export function isClosed({ stops, segments }: Path<unknown>): boolean {
  return stops.length >= 2 && segments.length === stops.length
}

/**
 * Returns the number of frames of the whole path; 0 with fewer than two stops. An open path ends with the
 * frame of its last stop; a closed path does not repeat its first frame.
 */
export function frameCount(path: Path<unknown>): number {
  if (path.stops.length < 2) return 0
  const frames = path.segments.reduce((sum, segment) => sum + segment.frames, 0)
  return isClosed(path) ? frames : frames + 1
}

/** Returns the frame at which each stop lies. */
export function stopFrames({ stops, segments }: Path<unknown>): number[] {
  let frame = 0
  return stops.map((_stop, index) => {
    const here = frame
    frame += segments[index]?.frames ?? 0
    return here
  })
}

/** Returns where a frame lies. The last frame of an open path is at the end of its last segment. */
export function placeOf({ segments }: Path<unknown>, frame: number): FramePlace {
  let start = 0
  for (const [segment, { frames }] of segments.entries()) {
    if (frame < start + frames) return { segment, offset: frame - start }
    start += frames
  }
  const last = segments.length - 1
  return { segment: last, offset: segments[last]?.frames ?? 0 }
}

/** Returns the positions of the stops at both ends of a segment. */
export function endsOf({ stops }: Path<unknown>, segment: number): [from: number, to: number] {
  return [segment, (segment + 1) % stops.length]
}

/** Returns a segment's stops and those next to them, in path order, and the segments between them. */
export function neighboursOf(
  path: Path<unknown>,
  segment: number,
): { stops: readonly number[]; segments: readonly number[] } {
  const { stops, segments } = path
  const count = segments.length
  const around = [segment - 1, segment, segment + 1]
  const there = isClosed(path)
    ? around.map((at) => (at + count) % count)
    : around.filter((at) => at >= 0 && at < count)
  return {
    stops: [...there, there[there.length - 1] + 1].map((stop) => stop % stops.length),
    segments: there,
  }
}

/**
 * Returns the part of a path that determines a segment's frames: its stops and itself and, if its path looks
 * around, those next to them. `from` is the position of the segment and of its first stop in that part.
 */
export function partAround(
  path: Path<unknown>,
  segment: number,
): { stops: readonly number[]; segments: readonly number[]; from: number } {
  if (!interpolationOf(path.segments[segment].interpolation).looksAround) {
    return { stops: endsOf(path, segment), segments: [segment], from: 0 }
  }
  const { stops, segments } = neighboursOf(path, segment)
  return { stops, segments, from: segments.indexOf(segment) }
}
