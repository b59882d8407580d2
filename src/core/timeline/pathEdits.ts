import { defaultSegment, endsOf, isClosed, neighboursOf, partOf, type Path, type Segment } from './path'
import { spreadFrames } from './spreadFrames'

/**
 * Inserts a stop before position `index`. Both parts of the segment that it cuts are like it, in full length.
 * Before an open path, the new segment is like the first one; after it, the default.
 */
export function insertStop<Stop>(path: Path<Stop>, index: number, stop: Stop): Path<Stop> {
  const stops = [...path.stops]
  stops.splice(index, 0, stop)
  if (stops.length < 2) return { stops, segments: [] }
  const segments = [...path.segments]
  // The segment that arrives at the first stop of a closed path is the last.
  const model = (isClosed(path) ? segments.at(index - 1) : segments[Math.max(0, index - 1)]) ?? defaultSegment
  segments.splice(index, 0, { ...model })
  return withoutOutdatedPlaces(path, { stops, segments })
}

/** Removes a stop and the segment that leaves it, or the one that arrives at it if none leaves it. */
export function removeStop<Stop>(path: Path<Stop>, index: number): Path<Stop> {
  const stops = path.stops.filter((_stop, at) => at !== index)
  if (stops.length < 2) return { stops, segments: [] }
  const gone = Math.min(index, path.segments.length - 1)
  const segments = path.segments.filter((_segment, at) => at !== gone)
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
    ? [...path.segments, { ...(path.segments.at(-1) ?? defaultSegment) }]
    : path.segments.slice(0, -1)
  return withoutOutdatedPlaces(path, { stops: path.stops, segments })
}

/**
 * Changes a stop in its place. The measured places of the segments that depend on it become new lists, which
 * tells the window to measure them again.
 */
export function changeStop<Stop>(path: Path<Stop>, index: number, stop: Stop): Path<Stop> {
  const stops = path.stops.map((old, at) => (at === index ? stop : old))
  return toMeasureAgain({ stops, segments: path.segments }, (segment) =>
    stopsAround(path, segment).includes(index),
  )
}

/**
 * Drops the measured places of segments that no longer lead between the two stops they were measured between.
 * Those of segments that also depend on other stops, which have changed, become new lists: see {@link changeStop}.
 */
function withoutOutdatedPlaces<Stop>(before: Path<Stop>, after: Path<Stop>): Path<Stop> {
  if (!after.segments.some(({ fractions }) => fractions)) return after
  const segments = after.segments.map((segment, at) => {
    if (!segment.fractions) return segment
    const was = before.segments.indexOf(segment)
    const hasSame = (stopsOf: (path: Path<unknown>, segment: number) => readonly number[]): boolean => {
      const [now, then] = [stopsOf(after, at), stopsOf(before, was)]
      return now.length === then.length && now.every((stop, i) => after.stops[stop] === before.stops[then[i]])
    }
    if (was >= 0 && hasSame(endsOf)) return hasSame(stopsAround) ? segment : toMeasure(segment)
    const { fractions: _, ...eased } = segment
    return eased
  })
  return { stops: after.stops, segments }
}

/** Returns the stops that determine a segment's frames. */
function stopsAround(path: Path<unknown>, segment: number): readonly number[] {
  return partOf(path, segment).stops
}

/**
 * Changes some properties of one segment. A new easing discards measured places of its frames; a new length
 * redistributes them over its frames. Places that a new length or kind of path has made outdated, those of
 * smooth segments next to it included, become new lists, which tells the window to measure them again.
 */
export function changeSegment<Stop>(path: Path<Stop>, index: number, changes: Partial<Segment>): Path<Stop> {
  const segments = path.segments.map((segment, at) => {
    if (at !== index) return segment
    const { fractions, ...eased } = segment
    if (!fractions || 'easing' in changes) return { ...eased, ...changes }
    return { ...eased, fractions: respaced(fractions, changes.frames ?? segment.frames), ...changes }
  })
  const after = { stops: path.stops, segments }
  const isGiven = (segment: number) => segment === index && changes.fractions !== undefined
  // No path looks further around than to the next segments, and looking at all would take long in a long film.
  const near = neighboursOf(path, index).segments
  return toMeasureAgain(
    after,
    (segment) =>
      near.includes(segment) && !isGiven(segment) && shapeOf(path, segment) !== shapeOf(after, segment),
  )
}

/** Describes how a segment leads from stop to stop: its kind of path, and the lengths on which that depends. */
function shapeOf(path: Path<unknown>, segment: number): string {
  const { interpolation } = path.segments[segment]
  const { segments } = partOf(path, segment)
  // Its own length changes no path that does not look around, only how often it is looked at.
  const lengths = segments.length === 1 ? [] : segments.map((at) => path.segments[at].frames)
  return [interpolation, ...lengths].join()
}

/**
 * Replaces the measured places of some segments by new lists of the same places, which tells the window to measure
 * them again.
 */
export function toMeasureAgain<Stop>(path: Path<Stop>, isOutdated: (segment: number) => boolean): Path<Stop> {
  const segments = path.segments.map((segment, at) =>
    segment.fractions && isOutdated(at) ? toMeasure(segment) : segment,
  )
  return { stops: path.stops, segments }
}

function toMeasure(segment: Segment): Segment {
  return { ...segment, fractions: segment.fractions && [...segment.fractions] }
}

/**
 * Resamples the measured places of a segment for another number of frames by linear interpolation.
 *
 * @param fractions  ascending, between 0 and 1
 * @returns one fewer than `frames`, ascending too
 */
function respaced(fractions: readonly number[], frames: number): readonly number[] {
  if (frames === fractions.length + 1) return fractions
  const places = [0, ...fractions, 1]
  return Array.from({ length: frames - 1 }, (_, at) => {
    const place = ((at + 1) * (places.length - 1)) / frames
    const before = Math.floor(place)
    const [from, to = 1] = places.slice(before, before + 2)
    return from + (to - from) * (place - before)
  })
}

/**
 * Stretches or shrinks the path to exactly `total` frames, with each segment keeping its share as closely as
 * whole frames allow; to one frame per segment if `total` is too small for that.
 */
export function retime<Stop>(path: Path<Stop>, total: number): Path<Stop> {
  const count = path.segments.length
  if (count === 0) return path
  const inSegments = Math.max(count, total - (isClosed(path) ? 0 : 1))
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
