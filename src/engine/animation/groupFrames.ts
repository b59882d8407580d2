/**
 * Splits frames into batches of one size, as even as possible: a runtime session is built for one batch size. The last
 * group is filled up with its own last frame. A frame always falls into the same group, which keeps its bytes the same
 * when an export is resumed.
 */
export function groupFrames(count: number, largest: number): number[][] {
  const groups = Math.ceil(count / largest)
  const size = Math.ceil(count / groups)
  return Array.from({ length: Math.ceil(count / size) }, (_, group) =>
    Array.from({ length: size }, (_, i) => Math.min(group * size + i, count - 1)),
  )
}
