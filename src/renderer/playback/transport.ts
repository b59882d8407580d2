import type { PlaybackRepeat } from '#core/timeline/playOrder'

/** The state of playback. `position` is in frames and may be fractional; `speed` is negative backwards. */
export interface TransportState {
  position: number
  speed: number
  playing: boolean
}

/** The highest speed that J and L reach. */
const maxSpeed = 8

/**
 * Advances playback by `elapsed` frames at speed 1.
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
  const position = state.position + elapsed * state.speed
  if (position >= 0 && position <= last) return { ...state, position }
  if (repeat === 'once') {
    const end = Math.max(0, Math.min(last, position))
    return { position: end, speed: Math.sign(state.speed), playing: false }
  }
  if (repeat === 'ping-pong') return reflect(state, position, last)
  const length = last + 1
  return { ...state, position: Math.min(last, ((position % length) + length) % length) }
}

function reflect(state: TransportState, position: number, last: number): TransportState {
  const { folded, turned } = fold(position, last)
  return { ...state, position: folded, speed: turned ? -state.speed : state.speed }
}

/** Folds a position beyond the ends of a ping-pong path back onto it; `turned` marks the way back. */
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
