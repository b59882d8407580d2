/** What the window's player does after the last frame: stops, starts over, or turns round at both ends. */
export const playbackRepeats = ['once', 'forever', 'ping-pong'] as const
export type PlaybackRepeat = (typeof playbackRepeats)[number]

/** How an animation plays again. A file can also go forth and back a single time. */
export const repeats = [...playbackRepeats, 'ping-pong-once'] as const
export type Repeat = (typeof repeats)[number]

/**
 * Indices of the frames in the order in which a file shows them. Ping-pong for ever leaves out both ends on the way
 * back, since the next round shows the first again; ping-pong once ends on the first frame.
 */
export function playOrder(count: number, repeat: Repeat): number[] {
  const forth = Array.from({ length: count }, (_, i) => i)
  if (repeat === 'ping-pong') return [...forth, ...forth.slice(1, -1).reverse()]
  return repeat === 'ping-pong-once' ? [...forth, ...forth.slice(0, -1).reverse()] : forth
}

/** Whether the last frame is followed by the first again, without end. */
export function isEndless(repeat: Repeat): boolean {
  return repeat === 'forever' || repeat === 'ping-pong'
}
