import { defaultSegment, endsOf, isClosed, isHeld, withoutPlaces, type Path, type Segment } from './path'
import { spreadFrames } from './spreadFrames'

/**
 * Inserts a stop before position `index`. Both parts of the segment that it cuts are like it, in full length.
 * Before an open path, the new segment is like the first one; after it, the default. A new segment never holds: see
 * {@link movingLike}.
 */
export function insertStop<Stop>(path: Path<Stop>, index: number, stop: Stop): Path<Stop> {
  const stops = [...path.stops]
  stops.splice(index, 0, stop)
  if (stops.length < 2) return { stops, segments: [] }
  const segments = [...path.segments]
  // The segment that arrives at the first stop of a closed path is the last.
  const model = (isClosed(path) ? segments.at(index - 1) : segments[Math.max(0, index - 1)]) ?? defaultSegment
  segments.splice(index, 0, movingLike(model))
  return withoutOutdatedPlaces(path, { stops, segments })
}

/** Returns a copy of a segment. One that holds becomes one that moves: between two other stops, it would jump. */
function movingLike(segment: Segment): Segment {
  return isHeld(segment) ? { ...segment, easing: defaultSegment.easing } : { ...segment }
}

/**
 * Removes a stop and the segment that leaves it, or the one that arrives at it if none leaves it. Of a hold and a
 * segment that moves, the hold is removed: the film then moves as it did, without the pause.
 */
export function removeStop<Stop>(path: Path<Stop>, index: number): Path<Stop> {
  const stops = path.stops.filter((_stop, at) => at !== index)
  if (stops.length < 2) return { stops, segments: [] }
  const last = path.segments.length - 1
  const leaving = Math.min(index, last)
  const arriving = index > 0 ? index - 1 : isClosed(path) ? last : leaving
  const isPause = isHeld(path.segments[arriving]) && !isHeld(path.segments[leaving])
  const rest = path.segments.toSpliced(isPause ? arriving : leaving, 1)
  // What left the first stop of a closed path now leaves its last one.
  const segments = isPause && arriving > leaving ? [...rest.slice(1), rest[0]] : rest
  return withoutOutdatedPlaces(path, { stops, segments })
}

/** Moves a stop; the segments stay where they are. */
export function moveStop<Stop>(path: Path<Stop>, from: number, to: number): Path<Stop> {
  const stops = [...path.stops]
  const [moved] = stops.splice(from, 1)
  stops.splice(Math.max(0, Math.min(to, stops.length)), 0, moved)
  return withoutOutdatedPlaces(path, { stops, segments: path.segments })
}

/** Adds or removes the segment from the last stop back to the first. */
export function setClosed<Stop>(path: Path<Stop>, closed: boolean): Path<Stop> {
  if (path.stops.length < 2 || isClosed(path) === closed) return path
  const segments = closed
    ? [...path.segments, movingLike(path.segments.at(-1) ?? defaultSegment)]
    : path.segments.slice(0, -1)
  return withoutOutdatedPlaces(path, { stops: path.stops, segments })
}

/** Changes a stop in its place. */
export function changeStop<Stop>(path: Path<Stop>, index: number, stop: Stop): Path<Stop> {
  return { stops: path.stops.map((old, at) => (at === index ? stop : old)), segments: path.segments }
}

/** Drops the measured places of segments that no longer lead between the two stops they were measured between. */
function withoutOutdatedPlaces<Stop>(before: Path<Stop>, after: Path<Stop>): Path<Stop> {
  if (!after.segments.some(({ fractions }) => fractions)) return after
  const segments = after.segments.map((segment, at) => {
    if (!segment.fractions) return segment
    const was = before.segments.indexOf(segment)
    const hasSameEnds =
      was >= 0 &&
      endsOf(after, at).every((stop, i) => after.stops[stop] === before.stops[endsOf(before, was)[i]])
    return hasSameEnds ? segment : withoutPlaces(segment)
  })
  return { stops: after.stops, segments }
}

/**
 * Changes some properties of one segment. A new easing discards measured places of its frames; a new length
 * redistributes them over its frames.
 */
export function changeSegment<Stop>(path: Path<Stop>, index: number, changes: Partial<Segment>): Path<Stop> {
  const segments = path.segments.map((segment, at) => {
    if (at !== index) return segment
    if (!segment.fractions || 'easing' in changes) return { ...withoutPlaces(segment), ...changes }
    return { ...segment, ...placesFor(segment, changes.frames), ...changes }
  })
  return { stops: path.stops, segments }
}

/** Returns the measured places of a segment, redistributed if it is to have another number of frames. */
function placesFor(
  { fractions, measuredOn }: Segment,
  frames = fractions!.length + 1,
): Pick<Segment, 'fractions' | 'measuredOn'> {
  if (frames === fractions!.length + 1) return { fractions, measuredOn }
  return { fractions: respaced(fractions!, frames), measuredOn: '' }
}

/**
 * Resamples the measured places of a segment for another number of frames by linear interpolation.
 *
 * @param fractions  ascending, between 0 and 1
 * @returns one fewer than `frames`, ascending too
 */
function respaced(fractions: readonly number[], frames: number): readonly number[] {
  const places = [0, ...fractions, 1]
  return Array.from({ length: frames - 1 }, (_, at) => {
    const place = ((at + 1) * (places.length - 1)) / frames
    const before = Math.floor(place)
    const [from, to = 1] = places.slice(before, before + 2)
    return from + (to - from) * (place - before)
  })
}

/** Returns how few frames a path can have: each segment has one, and the last stop of an open path one more. */
export function fewestFrames(path: Path<unknown>): number {
  return path.segments.length + (isClosed(path) ? 0 : 1)
}

/**
 * Stretches or shrinks the path to exactly `total` frames, with each segment keeping its share as closely as
 * whole frames allow; to one frame per segment if `total` is too small for that.
 */
export function retime<Stop>(path: Path<Stop>, total: number): Path<Stop> {
  if (path.segments.length === 0) return path
  const inSegments = Math.max(total, fewestFrames(path)) - (isClosed(path) ? 0 : 1)
  const lengths = spreadFrames(
    inSegments,
    path.segments.map(({ frames }) => frames),
  )
  return lengths.reduce(
    (retimed, frames, index) =>
      frames === path.segments[index].frames ? retimed : changeSegment(retimed, index, { frames }),
    path,
  )
}
