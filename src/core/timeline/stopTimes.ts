import { stopFrames, withoutPlaces, type Path } from './path'
import { changeSegment, insertStop } from './pathEdits'

/**
 * Returns how far some stops can move together: by at most `by` frames, with each staying between its unmoved
 * neighbours and at least one frame away from them. The first stop of a path is its start and never moves.
 */
export function reachOfStops(path: Path<unknown>, stops: readonly number[], by: number): number {
  if (stops.includes(0)) return 0
  const moving = new Set(stops)
  const { segments } = path
  let reach = by
  for (const [at, { frames }] of segments.entries()) {
    const [leaves, arrives] = [moving.has(at), moving.has((at + 1) % path.stops.length)]
    if (arrives && !leaves) reach = Math.max(1 - frames, reach)
    if (leaves && !arrives) reach = Math.min(frames - 1, reach)
  }
  return reach === 0 ? 0 : reach
}

/** Moves stops in time. The stops next to them stay where they are, but the film ends with its last stop. */
export function moveStopsInTime<Stop>(path: Path<Stop>, stops: readonly number[], by: number): Path<Stop> {
  const reach = reachOfStops(path, stops, by)
  if (reach === 0) return path
  const moving = new Set(stops)
  return path.segments.reduce((moved, { frames }, at) => {
    const change = Number(moving.has((at + 1) % path.stops.length)) - Number(moving.has(at))
    return change === 0 ? moved : changeSegment(moved, at, { frames: frames + change * reach })
  }, path)
}

/**
 * Inserts stops before position `index`, along with the segments between them.
 *
 * @param segments  one fewer than stops
 */
export function insertStops<Stop>(
  path: Path<Stop>,
  index: number,
  { stops, segments }: Path<Stop>,
): Path<Stop> {
  const longer = stops.reduce((whole, stop, offset) => insertStop(whole, index + offset, stop), path)
  return segments.reduce<Path<Stop>>(
    (whole, segment, offset) => ({
      stops: whole.stops,
      segments: whole.segments.map((old, at) => (at === index + offset ? { ...segment } : old)),
    }),
    longer,
  )
}

/**
 * Returns the part of a path to copy: the given stops in order, and between each two the segment that leaves
 * the first.
 */
export function excerptOf<Stop>(path: Path<Stop>, stops: readonly number[]): Path<Stop> {
  const inOrder = [...stops].sort((a, b) => a - b)
  const segments = inOrder.slice(0, -1).map((stop, at) => {
    const segment = path.segments[stop]
    // Measured places are only valid between the stops that they were measured between.
    return inOrder[at + 1] === stop + 1 ? segment : withoutPlaces(segment)
  })
  return { stops: inOrder.map((stop) => path.stops[stop]), segments }
}

/** Returns the frame that a moved stop snaps to: the nearest target within `within` frames, or its own. */
export function snapFrame(frame: number, targets: readonly number[], within: number): number {
  const near = targets.filter((target) => Math.abs(target - frame) <= within)
  return near.sort((a, b) => Math.abs(a - frame) - Math.abs(b - frame))[0] ?? frame
}

/** Returns the position at which to insert a stop dropped at `frame`: after all stops before that frame. */
export function gapAt(path: Path<unknown>, frame: number): number {
  return stopFrames(path).filter((at) => at < frame).length
}
