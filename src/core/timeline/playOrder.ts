/** What the window's player does after the last frame: stop, start over, or turn round at both ends. */
export const playbackRepeats = ['once', 'forever', 'ping-pong'] as const
export type PlaybackRepeat = (typeof playbackRepeats)[number]

/** How an animation repeats. A file can also play forwards and backwards a single time. */
export const repeats = [...playbackRepeats, 'ping-pong-once'] as const
export type Repeat = (typeof repeats)[number]

/**
 * Returns the indices of the frames in the order in which a file shows them. Endless ping-pong omits both
 * ends on the way back, since the next round shows the first again; a single ping-pong ends on the first
 * frame.
 */
export function playOrder(count: number, repeat: Repeat): number[] {
  const forth = Array.from({ length: count }, (_, i) => i)
  if (repeat === 'ping-pong') return [...forth, ...forth.slice(1, -1).reverse()]
  return repeat === 'ping-pong-once' ? [...forth, ...forth.slice(0, -1).reverse()] : forth
}

/** Returns whether the animation repeats without end. */
export function isEndless(repeat: Repeat): boolean {
  return repeat === 'forever' || repeat === 'ping-pong'
}
