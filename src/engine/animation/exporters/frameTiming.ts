/**
 * How long frame `index` lasts in whole ticks, when `ticksPerSecond` / `fps` is not whole: the end of every frame is
 * rounded, not its length, so the rounding errors never add up.
 */
export function frameTicks(index: number, fps: number, ticksPerSecond: number): number {
  const endOf = (frame: number) => Math.round(((frame + 1) * ticksPerSecond) / fps)
  return endOf(index) - endOf(index - 1)
}
