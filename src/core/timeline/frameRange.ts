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

/**
 * Returns the part of a film of `total` frames that a range covers once one of its ends is moved to a frame, clamped to
 * the film. The other end stays, unless it would be passed: then both are at that frame.
 */
export function withEndAt(
  range: FrameRange | null | undefined,
  end: keyof FrameRange,
  frame: number,
  total: number,
): FrameRange {
  const at = Math.max(0, Math.min(total - 1, frame))
  const now = rangeWithin(range, total)
  return end === 'start'
    ? { start: at, end: Math.max(at, now.end) }
    : { start: Math.min(at, now.start), end: at }
}

/** Returns whether a range leaves out a part of a film. */
export function isPart(range: FrameRange | null | undefined, total: number): boolean {
  const { start, end } = rangeWithin(range, total)
  return start > 0 || end < total - 1
}
