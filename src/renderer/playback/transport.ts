import type { PlaybackRepeat } from '#core/timeline/playOrder'

/**
 * The state of playback. `position` is in frames and may be fractional: the frame shown is the nearest, so frame k
 * is shown from k - 0.5 to k + 0.5. `speed` is negative backwards.
 */
export interface TransportState {
  position: number
  speed: number
  playing: boolean
}

/** The highest speed that J and L reach. */
const maxSpeed = 8

/**
 * Advances playback by `elapsed` frames at speed 1. Forever, the position starts over half a frame beyond either
 * end, so that the first and the last frame are shown for as long as every other; otherwise it stays within 0 and
 * `last`.
 *
 * @param last  the highest frame
 */
export function advance(
  state: TransportState,
  elapsed: number,
  last: number,
  repeat: PlaybackRepeat,
): TransportState {
  if (last <= 0) return { ...state, position: 0 }
  const moved = elapsed * state.speed
  if (repeat === 'forever') return { ...state, position: startOver(state.position + moved, last + 1) }
  const position = Math.max(0, Math.min(last, state.position)) + moved
  if (position >= 0 && position <= last) return { ...state, position }
  if (repeat === 'ping-pong') return reflect(state, position, last)
  const end = Math.max(0, Math.min(last, position))
  return { position: end, speed: Math.sign(state.speed), playing: false }
}

/**
 * How close to its end, in frames, a round counts as over: far more than rounding errors, far less than is
 * visible.
 */
const nearEnd = 1e-9

/**
 * Returns the position within a round of `length` frames, from -0.5 to less than `length` - 0.5. It stays clear
 * of the end, where a rounding error would show the frame after the last.
 */
function startOver(position: number, length: number): number {
  const phase = (((position + 0.5) % length) + length) % length
  return (phase > length - nearEnd ? 0 : phase) - 0.5
}

function reflect(state: TransportState, position: number, last: number): TransportState {
  const { folded, turned } = fold(position, last)
  return { ...state, position: folded, speed: turned ? -state.speed : state.speed }
}

/** Folds a position beyond the ends of a ping-pong path back onto the path; `turned` is true on the way back. */
export function fold(position: number, last: number): { folded: number; turned: boolean } {
  const period = Math.max(1, 2 * last)
  const phase = ((position % period) + period) % period
  const turned = phase > last
  return { folded: turned ? period - phase : phase, turned }
}

/** J (-1) and L (+1): starts in that direction, or doubles the speed if it already plays that way. */
export function shuttle(state: TransportState, direction: 1 | -1): TransportState {
  const sameWay = state.playing && Math.sign(state.speed) === direction
  const speed = sameWay ? Math.min(maxSpeed, Math.abs(state.speed) * 2) * direction : direction
  return { ...state, speed, playing: true }
}
