/**
 * Returns the duration of frame `index` in whole ticks, even if `ticksPerSecond` / `fps` is not whole. The
 * end of every frame is rounded, not its length, so rounding errors never add up.
 */
export function frameTicks(index: number, fps: number, ticksPerSecond: number): number {
  const endOf = (frame: number) => Math.round(((frame + 1) * ticksPerSecond) / fps)
  return endOf(index) - endOf(index - 1)
}
