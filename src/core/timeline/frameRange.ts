/** Frames from `start` to `end`, both included, counted from 0. */
export interface FrameRange {
  readonly start: number
  readonly end: number
}

/**
 * Returns the part of a film of `total` frames that a range covers: clamped to the film, or the whole film if
 * nothing is left or no range is given. The range of a film without frames ends before it starts.
 */
export function rangeWithin(range: FrameRange | null | undefined, total: number): FrameRange {
  const whole = { start: 0, end: total - 1 }
  if (!range || range.start > whole.end || range.end < range.start) return whole
  return { start: range.start, end: Math.min(range.end, whole.end) }
}

/** Returns whether a range leaves out a part of a film. */
export function isPart(range: FrameRange | null | undefined, total: number): boolean {
  const { start, end } = rangeWithin(range, total)
  return start > 0 || end < total - 1
}
